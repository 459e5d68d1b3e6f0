import type { VNode } from 'preact';
import { noFilter } from '../state/view-state.ts';
import { useAllWords, useBoard, usePage } from './context.tsx';
import { StateMark } from './marks.tsx';

/** The state of each gateway whose rows are in the roster. */
export function GatewayMenu(): VNode {
  const { gateways, nowMs } = useBoard();
  const { address } = usePage();
  const { t, f } = useAllWords();
  return (
    <section class="gateways" aria-label={t.gatewaysTitle}>
      <ul>
        {gateways.value?.list.value.map(
          ({ name, state, rows, version, lastHeardAtMs, problem, latencyMs }) => (
            <li key={name} class={`gateway gateway-${state}`}>
              <button
                type="button"
                class="link"
                onClick={() => address.update({ filter: { ...noFilter, gateway: [name] } })}
              >
                {name}
              </button>
              <span class="status">
                <StateMark
                  state={state === 'up' ? 'online' : state === 'connecting' ? 'idle' : 'unreachable'}
                />
                {t.gatewayStates[state]}
              </span>
              <span class="muted gateway-more">
                {[
                  rows !== undefined && t.gatewayRows(rows, f.count(rows)),
                  version,
                  latencyMs !== undefined && f.milliseconds(latencyMs),
                  lastHeardAtMs !== undefined && t.gatewayHeard(f.age(nowMs.value - lastHeardAtMs)),
                ]
                  .filter(Boolean)
                  .join(' · ')}
              </span>
              {problem !== undefined && (
                <span class="problem">{[problem.message, problem.whatToDo].filter(Boolean).join('. ')}</span>
              )}
            </li>
          ),
        )}
      </ul>
    </section>
  );
}
