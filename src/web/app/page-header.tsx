import type { VNode } from 'preact';
import { Glyph } from '../icons/glyph.tsx';
import { Brand } from './brand.tsx';
import { ConnectionBadge } from './connection-badge.tsx';
import { IconButton } from './icon-button.tsx';
import { Later } from './later.tsx';
import { laterParts } from './later-parts.ts';
import { Menu } from './menu.tsx';
import { useBoard, useWords } from './page-context.tsx';
import { LossNote } from './status-strip.tsx';

/** Name of the page, state of the connection, and what can be done with the page as a whole. */
export function PageHeader({ onHelp }: { readonly onHelp: () => void }): VNode {
  const { t } = useWords();
  return (
    <header class="page-header">
      <div class="page-title">
        <Brand />
        <h1>
          <span class="product">{t.title}</span> {t.instances}
        </h1>
      </div>
      <ConnectionBadge />
      <LossNote />
      <div class="page-actions">
        <PauseButton />
        <ExportMenu />
        <IconButton class="wide-only" label={t.help} glyph="help" onClick={onHelp} />
        <SettingsMenu />
      </div>
    </header>
  );
}

function PauseButton(): VNode {
  const { watch } = useBoard();
  const { t } = useWords();
  const paused = watch.paused.value;
  const label = paused ? t.resume : t.pause;
  return (
    <button
      type="button"
      class="button"
      aria-label={label}
      title={label}
      onClick={() => (paused ? watch.resume() : watch.pause())}
    >
      <Glyph name={paused ? 'play' : 'pause'} />
      <span class="button-word">{label}</span>
    </button>
  );
}

function ExportMenu(): VNode {
  const { t } = useWords();
  const button = (
    <>
      <Glyph name="export" />
      <span class="button-word">{t.exportList}</span>
    </>
  );
  return (
    <Menu class="menu-end" label={t.exportList} button={button}>
      {(close) => <Later load={laterParts.exportItems} with={{ onDone: close }} />}
    </Menu>
  );
}

function SettingsMenu(): VNode {
  const { t } = useWords();
  return (
    <Menu label={t.settings} class="menu-end" button={<Glyph name="settings" />}>
      <Later load={laterParts.settings} with={{}} />
    </Menu>
  );
}
