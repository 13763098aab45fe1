// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a scenario is told, and what it says to what it cannot take. */
class ArgumentsTest {

  @Test
  void absentOnes_areTheFallback() {
    Arguments none = new Arguments(List.of("soak"));

    assertThat(none.number(1, "MINUTES", 30)).isEqualTo(30);
    assertThat(none.share(2, "SHARE", "70%")).isEqualTo("70%");
    assertThat(none.choice(1, "FSYNC", List.of("always", "everysec"))).isEqualTo("always");
    assertThat(none.word(1)).isEmpty();
    assertThat(none.rest()).isEmpty();
  }

  @Test
  void givenOnes_areRead() {
    Arguments given = new Arguments(List.of("soak", "2", "100%"));

    assertThat(given.number(1, "MINUTES", 30)).isEqualTo(2);
    assertThat(given.share(2, "SHARE", "70%")).isEqualTo("100%");
  }

  @ParameterizedTest
  @ValueSource(strings = {"x", "0", "-1", "1.5", "", "1000000000", "1 "})
  void aNumberThatCannotBe_isRefusedByName(String text) {
    assertThatThrownBy(() -> new Arguments(List.of("ratio", text)).number(1, "ROUNDS", 5))
        .isInstanceOf(WrongUsage.class)
        .hasMessage(
            "ratio: ROUNDS has to be a whole number from 1 to 999999999, not '" + text + "'");
  }

  @ParameterizedTest
  @ValueSource(strings = {"0%", "101%", "70", "0.7", "%"})
  void aShareThatCannotBe_isRefusedByName(String text) {
    assertThatThrownBy(() -> new Arguments(List.of("soak", "1", text)).share(2, "SHARE", "70%"))
        .isInstanceOf(WrongUsage.class)
        .hasMessageContaining("SHARE")
        .hasMessageContaining("'" + text + "'");
  }

  @Test
  void anotherWordThanTheChoices_isRefusedWithThem() {
    Arguments given = new Arguments(List.of("crash-redis", "10", "never"));

    assertThatThrownBy(() -> given.choice(2, "FSYNC", List.of("always", "everysec")))
        .isInstanceOf(WrongUsage.class)
        .hasMessageContaining("[always, everysec]")
        .hasMessageContaining("'never'");
  }

  @Test
  void moreThanItTakes_isRefused() {
    assertThatThrownBy(() -> new Arguments(List.of("one-contact", "5")).bounded())
        .isInstanceOf(WrongUsage.class)
        .hasMessageContaining("'5'");
  }

  @Test
  void options_areReadByName() {
    Arguments given =
        new Arguments(List.of("agreement", "busy", "--agents", "20", "--policy", "fifo"));

    Agreement.Plan plan = Agreement.Plan.of(given);

    assertThat(plan).isEqualTo(new Agreement.Plan("busy", 2_000, 20, 20, "fifo"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          nosuch             | SHAPE has to be one of
          --agents           | each option stands once, with its value behind it, not '--agents'
          busy --agents      | each option stands once, with its value behind it, not '--agents'
          --agents 1 --agents 2 | each option stands once, with its value behind it
          --agents 0         | --agents has to be a whole number from 1 to 5000, not '0'
          --speed abc        | --speed has to be a whole number from 1 to 1000, not 'abc'
          --policy nosuch    | --policy has to be one of
          busy more          | its options are --agents, --conversations, --policy, --speed
          """)
  void optionsThatCannotBe_areRefusedByName(String words, String said) {
    List<String> all = Stream.concat(Stream.of("agreement"), Stream.of(words.split(" "))).toList();

    assertThatThrownBy(() -> Agreement.Plan.of(new Arguments(all)))
        .isInstanceOf(WrongUsage.class)
        .hasMessageContaining(said);
  }

  @ParameterizedTest
  @ValueSource(strings = {"nosuchcommit", "--all", "no/such.jar"})
  void versionThatIsNone_isRefused(String named) {
    assertThatThrownBy(() -> OlderJar.asked(named))
        .isInstanceOf(WrongUsage.class)
        .hasMessageContaining(named);
  }
}
