// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.store.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.frontdesk.gateway.store.Commit;
import dev.frontdesk.gateway.store.CommitResult;
import dev.frontdesk.gateway.store.Guard;
import dev.frontdesk.gateway.store.Store;
import dev.frontdesk.gateway.store.StoreContract;
import dev.frontdesk.gateway.store.StoreUnavailableException;
import dev.frontdesk.gateway.store.Write;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class InMemoryStoreTest extends StoreContract {

  private final VirtualTime time = new VirtualTime(Instant.parse("2026-11-21T03:04:05.678Z"));
  private final InMemoryStore memory = new InMemoryStore(time);

  @Override
  protected Store openStore() {
    return memory;
  }

  @Override
  protected String freshWorkspace() {
    return "acme";
  }

  @Override
  protected void pass(Duration duration) {
    time.advance(duration);
  }

  @Test
  void commit_whoseAnswerIsLost_isWrittenOrNot() {
    Write write = new Write.HashAdd(keys.gauges(), "n", 1);
    memory.faults(
        (number, commit) ->
            number == 1
                ? CommitFaults.Fault.UNKNOWN_APPLIED
                : number == 2 ? CommitFaults.Fault.UNKNOWN_NOT_APPLIED : CommitFaults.Fault.NONE);

    for (int n = 0; n < 2; n++) {
      Commit commit = intake().write(write).build();
      assertThatThrownBy(() -> await(store.commit(commit)))
          .isInstanceOfSatisfying(
              StoreUnavailableException.class, e -> assertThat(e.outcomeUnknown()).isTrue());
    }
    assertThat(commit(intake().write(write))).isInstanceOf(CommitResult.Done.class);

    assertThat(await(store.hashGet(keys.gauges(), "n"))).isEqualTo("2");
  }

  @Test
  void commit_withASimulatedConflict_namesItsFirstGuard() {
    memory.faults((number, commit) -> CommitFaults.Fault.CONFLICT);
    Guard guard = new Guard.Absent(keys.gauges(), "x");

    assertThat(commit(intake().guard(guard))).isEqualTo(new CommitResult.Conflict(0, guard));
  }

  @Test
  void store_thatIsFull_refusesIntakeOnly() {
    memory.full(true);

    assertThat(commit(intake())).isInstanceOf(CommitResult.Full.class);
    assertThat(commit(releasing())).isInstanceOf(CommitResult.Done.class);
  }
}
