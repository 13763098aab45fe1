// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.store.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.frontdesk.gateway.store.Commit;
import dev.frontdesk.gateway.store.Guard;
import dev.frontdesk.gateway.store.RedisKeys;
import dev.frontdesk.gateway.store.Write;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class CommitShapesTest {

  private static final Instant NOW = Instant.parse("2026-11-11T00:00:00Z");
  private static final RedisKeys KEYS = new RedisKeys("main");

  @Test
  void shape_thatComesOften_getsAScript_andSendsOnlyItsValues() {
    CommitShapes shapes = new CommitShapes(3, 9);

    for (int n = 1; n < 3; n++) {
      assertThat(call(rows(2, "early " + n), shapes).script()).isSameAs(CommitScript.SCRIPT);
    }
    ScriptCall third = call(rows(2, "third"), shapes);
    ScriptCall other = call(rows(2, "other"), shapes);

    assertThat(third.script()).isNotEqualTo(CommitScript.SCRIPT);
    assertThat(other.script()).isSameAs(third.script());
    assertThat(third.script().text()).doesNotContain("third");
    String now = Long.toString(NOW.toEpochMilli());
    assertThat(third.keys())
        .containsExactly(KEYS.epoch().name(), KEYS.gauges().name(), KEYS.parked("l").name());
    assertThat(third.arguments()).containsExactly("1-a", now, "f", "1", "third 0", "third 1");
    assertThat(call(rows(3, "longer"), shapes).script()).isSameAs(CommitScript.SCRIPT);
  }

  @Test
  void scripts_areBounded_inNumberAndInSize() {
    CommitShapes one = new CommitShapes(1, 1);

    assertThat(call(rows(121, "large"), one).script()).isSameAs(CommitScript.SCRIPT);
    assertThat(call(rows(1, "first"), one).script()).isNotEqualTo(CommitScript.SCRIPT);
    assertThat(call(rows(2, "second"), one).script()).isSameAs(CommitScript.SCRIPT);
    assertThat(call(rows(1, "first again"), one).script()).isNotEqualTo(CommitScript.SCRIPT);
  }

  @Test
  void counting_beginsAnew_whenThereAreTooManyShapes_andScriptsStay() {
    CommitShapes shapes = new CommitShapes(2, 9);
    call(rows(1, "often"), shapes);
    ScriptCall often = call(rows(1, "often"), shapes);
    call(rows(2, "once"), shapes);

    for (int size = 3; size < 3 + CommitShapes.MOST_COUNTED; size++) {
      call(rows(size, "seldom"), shapes);
    }

    assertThat(call(rows(1, "often"), shapes).script()).isSameAs(often.script());
    assertThat(call(rows(2, "twice, long after"), shapes).script()).isSameAs(CommitScript.SCRIPT);
  }

  @Test
  void counting_endsAtItsBound_forAShapeThatGetsNoScript() {
    CommitShapes shapes = new CommitShapes(3, 9);
    String tooLarge = String.valueOf(CommitScript.VALUE).repeat(121);

    for (int n = 0; n < 10; n++) {
      assertThat(shapes.scriptOf("large", List.of(), tooLarge)).isNull();
    }

    assertThat(shapes.counted("large")).isEqualTo(3);
  }

  private static ScriptCall call(Commit commit, CommitShapes shapes) {
    return CommitScript.call(commit, "1-a", shapes);
  }

  /** Another number of rows is another shape; another text is not. */
  private static Commit rows(int number, String text) {
    Commit.Builder commit = Commit.of("main", NOW, Commit.Urgency.INTAKE);
    commit.guard(new Guard.Equals(KEYS.gauges(), "f", "1"));
    for (int n = 0; n < number; n++) {
      commit.write(new Write.Push(KEYS.parked("l"), text + " " + n));
    }
    return commit.build();
  }
}
