// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.domain.routing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.frontdesk.gateway.domain.Agent;
import dev.frontdesk.gateway.domain.Bucket;
import dev.frontdesk.gateway.domain.Conversation;
import dev.frontdesk.gateway.domain.OfferTerms;
import dev.frontdesk.gateway.domain.Steps;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Whom a conversation is kept for while it waits, and for how long. */
class AccessTest {

  private static final Instant T0 = Instant.parse("2026-11-21T12:00:00Z");
  private static final Steps STEPS =
      new Steps(List.of(step(Map.of("refunds", 4), 60), step(Map.of("refunds", 2), 60)));

  private static Steps.Step step(Map<String, Integer> skills, int seconds) {
    return new Steps.Step(skills, Duration.ofSeconds(seconds));
  }

  private static Access steps(Steps steps) {
    return new Access(Map.of("q", steps), Duration.ZERO, Duration.ZERO, false, Duration.ZERO);
  }

  private static AgentSeat seat(String id, Map<String, Integer> skills, int load, int idle) {
    return seat(id, skills, List.of(), load, idle);
  }

  private static AgentSeat seat(
      String id, Map<String, Integer> skills, List<String> languages, int load, int idle) {
    Agent agent = new Agent(new Agent.Id(id), List.of("q"), skills, languages, 4);
    return new AgentSeat(agent, 1, load, T0.minusSeconds(idle));
  }

  private static Waiting waiting(@Nullable String preferred, @Nullable String language) {
    return new Waiting(
        new Conversation.Id("c"),
        new Bucket("q", "p", Map.of()),
        false,
        T0.plusSeconds(3600),
        5,
        T0,
        preferred == null ? null : new Agent.Id(preferred),
        language,
        1,
        Map.of());
  }

  private static @Nullable String best(SeatIndex seats, Waiting waiting, long millis) {
    AgentSeat best = seats.best(waiting, T0.plusMillis(millis));
    return best == null ? null : best.id().value();
  }

  private static SeatIndex index(Access access, AgentSeat... seats) {
    SeatIndex index = new SeatIndex(access);
    List.of(seats).forEach(index::put);
    return index;
  }

  private static RoutingPass.Plan plan(SeatIndex seats, Waiting waiting, Instant now) {
    return RoutingPass.plan(
        new KeepPromises(Levers.PLAIN),
        DecisionMemory.EMPTY,
        List.of(new RoutingPass.Lane(List.of(waiting))),
        seats,
        Set.of(),
        now,
        9);
  }

  @Test
  void scenario14_relaxationMeetsTheExpert_matchStrengthBeforeIdleness_andTheRecordShowsTheStep() {
    SeatIndex seats =
        index(
            steps(STEPS),
            seat("expert", Map.of("refunds", 5), 3, 0),
            seat("generalist", Map.of("refunds", 2), 0, 3600));
    Instant relaxed = T0.plusSeconds(60);

    RoutingPass.Decision decision = plan(seats, waiting(null, null), relaxed).decisions().get(0);

    assertThat(decision.seat().id().value()).isEqualTo("expert");
    assertThat(decision.step()).isEqualTo("2 of 2: refunds:2");
    assertThat(decision.candidates()).containsExactlyInAnyOrder("expert", "generalist");
  }

  @Test
  void scenario14_expertIsFull_theGeneralistGetsItAtTheVeryMillisecond_notBefore() {
    SeatIndex seats =
        index(
            steps(STEPS),
            seat("expert", Map.of("refunds", 5), 4, 0),
            seat("generalist", Map.of("refunds", 2), 0, 3600));
    RoutingPass.Plan early = plan(seats, waiting(null, null), T0.plusMillis(59_999));

    assertThat(early.decisions()).isEmpty();
    assertThat(early.opensAt()).isEqualTo(T0.plusSeconds(60));
    assertThat(best(seats, waiting(null, null), 60_000)).isEqualTo("generalist");
  }

  @Test
  void scenario14_timeInAnOfferThatTimedOut_counts() {
    Waiting back =
        new Waiting(
            new Conversation.Id("c"),
            new Bucket("q", "p", Map.of()),
            false,
            T0.plusSeconds(3600),
            5,
            T0,
            null,
            null,
            1,
            Map.of(new Agent.Id("expert"), T0.plusSeconds(360)));
    SeatIndex seats =
        index(
            steps(STEPS),
            seat("expert", Map.of("refunds", 5), 0, 0),
            seat("generalist", Map.of("refunds", 2), 0, 0));

    assertThat(best(seats, back, 59_999)).as("offered until then, declined by silence").isNull();
    assertThat(best(seats, back, 60_000)).isEqualTo("generalist");
  }

  private static Waiting reserved(Map<Agent.Id, Instant> declined) {
    return new Waiting(
        new Conversation.Id("c"),
        new Bucket("q", "p", Map.of(OfferTerms.SUPERVISOR, 1)),
        false,
        T0.plusSeconds(3600),
        5,
        T0,
        null,
        null,
        1,
        declined);
  }

  @Test
  void reservedForSupervisors_isPassedOver_whileNoneOfThemIsThereForIt() {
    Map<String, Integer> supervisors = Map.of(OfferTerms.SUPERVISOR, 1);
    SeatIndex seats =
        index(Access.OPEN, seat("idle", Map.of(), 0, 3600), seat("sue", supervisors, 4, 0));
    Waiting fresh = reserved(Map.of());
    Waiting silent = reserved(Map.of(new Agent.Id("sue"), T0.plusSeconds(9)));

    assertThat(best(seats, fresh, 0)).as("sue is there, without room").isNull();
    assertThat(best(seats, silent, 8_999)).as("sue turned it down").isEqualTo("idle");
    assertThat(best(seats, silent, 9_000)).as("sue may have it again").isNull();
    seats.put(seat("sam", supervisors, 0, 0));
    assertThat(best(seats, silent, 0)).as("another one is there").isEqualTo("sam");
    seats.remove(new Agent.Id("sue"));
    seats.remove(new Agent.Id("sam"));
    assertThat(best(seats, fresh, 0)).as("all went home").isEqualTo("idle");
    assertThat(seats.told(fresh, seats.seat(new Agent.Id("idle")), T0))
        .isEqualTo("anybody, no supervisor is there");
  }

  @Test
  void reservedForSupervisors_isNotOfferedToOthersBesides() {
    SeatIndex seats =
        index(
            Access.OPEN,
            seat("idle", Map.of(), 0, 0),
            seat("sue", Map.of(OfferTerms.SUPERVISOR, 1), 0, 0));

    RoutingPass.Plan plan = plan(seats, reserved(Map.of()), T0);

    assertThat(plan.decisions())
        .extracting(decision -> decision.seat().id().value())
        .containsExactly("sue");
    assertThat(plan.decisions().get(0).step()).isEqualTo("supervisors");
    assertThat(FurtherOffers.of(plan, seats, 3, 10, T0)).isEmpty();
  }

  @Test
  void reservedForSupervisors_stepsOfTheQueueAreNotAskedOfThem() {
    Map<String, Integer> supervisors = Map.of(OfferTerms.SUPERVISOR, 1);
    Waiting reserved = reserved(Map.of());
    SeatIndex seats =
        index(
            steps(STEPS),
            seat("expert", Map.of("refunds", 5), 0, 0),
            seat("sue", supervisors, 0, 0),
            seat("both", Map.of("refunds", 5, OfferTerms.SUPERVISOR, 1), 4, 0));

    assertThat(best(seats, reserved, 0)).isEqualTo("sue");
  }

  @Test
  void keptForOneAgent_isNotOfferedToOthersBesides() {
    Waiting kept = waiting("last", null);
    SeatIndex seats =
        index(
            new Access(Map.of(), Duration.ofSeconds(45), Duration.ZERO, false, Duration.ZERO),
            seat("last", Map.of(), 0, 0),
            seat("other", Map.of(), 0, 0));

    RoutingPass.Plan plan = plan(seats, kept, T0.plusSeconds(1));

    assertThat(plan.decisions()).hasSize(1);
    assertThat(FurtherOffers.of(plan, seats, 3, 10, T0.plusSeconds(1))).isEmpty();
  }

  @Test
  void steps_afterTheLast_admitAnybodyOfTheQueue_theBetterMatchStillFirst() {
    SeatIndex seats =
        index(
            steps(STEPS),
            seat("beginner", Map.of(), 0, 9999),
            seat("second", Map.of("refunds", 1), 0, 0));

    assertThat(plan(seats, waiting(null, null), T0.plusSeconds(120)).decisions().get(0).step())
        .isEqualTo("anybody, after 2 steps");
    assertThat(best(index(steps(STEPS), seat("beginner", Map.of(), 0, 0)), waiting(null, null), 0))
        .as("nobody with the skills is there: every step is passed over at once")
        .isEqualTo("beginner");
  }

  @Test
  void step_isPassedOverWhileNobodyIsThereForIt_andInForceAgainWhenSomebodyComes() {
    SeatIndex seats = index(steps(STEPS), seat("generalist", Map.of("refunds", 2), 0, 0));
    assertThat(best(seats, waiting(null, null), 0)).isEqualTo("generalist");

    seats.put(seat("expert", Map.of("refunds", 4), 4, 0));
    assertThat(best(seats, waiting(null, null), 0)).as("an expert without room is there").isNull();

    seats.remove(new Agent.Id("expert"));
    assertThat(best(seats, waiting(null, null), 0)).isEqualTo("generalist");
  }

  @Test
  void stepsOfTriage_goBeforeThoseOfTheQueue() {
    Waiting aimed =
        new Waiting(
            new Conversation.Id("c"),
            new Bucket("q", "p", Map.of(), new Steps(List.of(step(Map.of("vip", 1), 10)))),
            false,
            T0.plusSeconds(3600),
            5,
            T0,
            null,
            null,
            1,
            Map.of());
    SeatIndex seats =
        index(
            steps(STEPS),
            seat("refunder", Map.of("refunds", 9), 0, 9999),
            seat("keeper", Map.of("vip", 1), 0, 0));

    assertThat(best(seats, aimed, 0)).isEqualTo("keeper");
    assertThat(aimed.bucket()).isEqualTo(Bucket.parse(aimed.bucket().id()));
  }

  @Test
  void lastAgent_aloneUntilTheDeadline_evenWithoutRoom_butNotWhenGone() {
    Access access =
        new Access(Map.of(), Duration.ofSeconds(45), Duration.ZERO, false, Duration.ZERO);
    SeatIndex seats = index(access, seat("last", Map.of(), 4, 0), seat("other", Map.of(), 0, 3600));

    assertThat(best(seats, waiting("last", null), 44_999)).isNull();
    assertThat(plan(seats, waiting("last", null), T0).opensAt()).isEqualTo(T0.plusSeconds(45));
    assertThat(best(seats, waiting("last", null), 45_000)).isEqualTo("other");

    seats.put(seat("last", Map.of(), 3, 0));
    RoutingPass.Decision decision = plan(seats, waiting("last", null), T0).decisions().get(0);
    assertThat(decision.seat().id().value()).isEqualTo("last");
    assertThat(decision.step()).isEqualTo("last agent last");
    assertThat(decision.candidates()).containsExactly("last");

    seats.remove(new Agent.Id("last"));
    assertThat(best(seats, waiting("last", null), 0)).as("gone: nobody waits").isEqualTo("other");
  }

  @Test
  void keptForOneWithoutRoom_theNextInTheLaneGoesOn() {
    Access access =
        new Access(Map.of(), Duration.ofSeconds(45), Duration.ZERO, false, Duration.ZERO);
    SeatIndex seats = index(access, seat("last", Map.of(), 4, 0), seat("other", Map.of(), 0, 0));
    Waiting behind =
        new Waiting(
            new Conversation.Id("d"),
            new Bucket("q", "p", Map.of()),
            false,
            T0.plusSeconds(3601),
            5,
            T0.plusSeconds(1),
            null,
            null,
            1,
            Map.of());

    RoutingPass.Plan plan =
        RoutingPass.plan(
            new KeepPromises(Levers.PLAIN),
            DecisionMemory.EMPTY,
            List.of(new RoutingPass.Lane(List.of(waiting("last", null), behind))),
            seats,
            Set.of(),
            T0.plusSeconds(2),
            9);

    assertThat(plan.decisions()).extracting(d -> d.waiting().id().value()).containsExactly("d");
    assertThat(plan.starved()).as("others may stand farther behind").isTrue();
  }

  @Test
  void languageFirst_waitsForASpeaker_whileOneIsThere_thenForAnybody() {
    Access access =
        new Access(Map.of(), Duration.ZERO, Duration.ZERO, true, Duration.ofSeconds(20));
    AgentSeat foreign = seat("foreign", Map.of(), List.of("en"), 0, 3600);
    SeatIndex seats = index(access, foreign, seat("speaker", Map.of(), List.of("zh-CN"), 4, 0));

    assertThat(best(seats, waiting(null, "zh"), 19_999)).isNull();
    assertThat(best(seats, waiting(null, "zh"), 20_000)).isEqualTo("foreign");
    assertThat(best(seats, waiting(null, null), 0)).as("no language, no wait").isEqualTo("foreign");
    assertThat(best(index(access, foreign), waiting(null, "zh"), 0)).isEqualTo("foreign");
  }

  @Test
  void languageFirst_beforeTheLevelOfSkills_onlyWhereItIsSet() {
    Bucket refunds = new Bucket("q", "p", Map.of("refunds", 1));
    Waiting waiting =
        new Waiting(new Conversation.Id("c"), refunds, false, T0, 5, T0, null, "zh", 1, Map.of());
    AgentSeat expert = seat("expert", Map.of("refunds", 9), List.of("en"), 0, 0);
    AgentSeat speaker = seat("speaker", Map.of("refunds", 1), List.of("zh"), 0, 0);
    Access first = new Access(Map.of(), Duration.ZERO, Duration.ZERO, true, Duration.ZERO);

    assertThat(best(index(first, expert, speaker), waiting, 0)).isEqualTo("speaker");
    assertThat(best(index(Access.OPEN, expert, speaker), waiting, 0)).isEqualTo("expert");
  }

  @Test
  void delay_ofAQueue_countsFromEnteringIt() {
    Agent helper =
        new Agent(
            new Agent.Id("helper"),
            List.of("q"),
            Map.of(),
            List.of(),
            4,
            Map.of("q", Duration.ofSeconds(30)));
    SeatIndex seats = index(Access.OPEN, new AgentSeat(helper, 1, 0, T0));
    Waiting overflowed =
        new Waiting(
            new Conversation.Id("c"),
            new Bucket("q", "p", Map.of()),
            false,
            T0.plusSeconds(3600),
            5,
            T0.minusSeconds(600),
            T0,
            null,
            false,
            null,
            1,
            Map.of());

    assertThat(best(seats, overflowed, 29_999)).isNull();
    assertThat(plan(seats, overflowed, T0).opensAt()).isEqualTo(T0.plusSeconds(30));
    assertThat(best(seats, overflowed, 30_000)).isEqualTo("helper");
  }

  @Test
  void warmingAgent_getsOneAtOnce_thenOneMoreEachTime_upToItsCapacity() {
    Warming warming = new Warming(T0, Duration.ofSeconds(90));
    List<Integer> held = new ArrayList<>();
    for (int second = 0; second <= 360; second += 45) {
      Instant now = T0.plusSeconds(second);
      int has = held.isEmpty() ? 0 : held.get(held.size() - 1);
      Agent agent = new Agent(new Agent.Id("new"), List.of("q"), Map.of(), List.of(), 4);
      AgentSeat seat = new AgentSeat(agent, 1, has, T0, warming.more(has, 4, now));
      SeatIndex seats = index(Access.OPEN, seat);
      int got = 0;
      while (seats.charge(waiting(null, null), now) != null) {
        got++;
      }
      held.add(has + got);
    }

    assertThat(held).containsExactly(1, 1, 2, 2, 3, 3, 4, 4, 4);
    assertThat(warming.moreAt(4, T0.plusSeconds(100))).isEqualTo(T0.plusSeconds(180));
    assertThat(warming.moreAt(4, T0.plusSeconds(270))).isNull();
  }

  @Test
  void warmingAgent_isBoundByWhatItHeld_soThatTwoDecisionsCannotBothAddOne() {
    AgentSeat warm = seat("a", Map.of(), 1, 0);
    AgentSeat warming = new AgentSeat(warm.agent(), 1, 1, T0, 1);

    assertThat(warm.bound(2)).isEqualTo(4);
    assertThat(warming.bound(2)).isEqualTo(3);
    assertThat(warming.charged(2).hasRoomFor(1)).isFalse();
  }

  @Test
  void groups_ofPeopleWhoLeft_areForgotten() {
    SeatIndex seats = new SeatIndex();
    for (int i = 0; i < 10_000; i++) {
      seats.put(seat("a" + i, Map.of("skill" + i, 1), 0, 0));
      if (i >= 10) {
        seats.remove(new Agent.Id("a" + (i - 10)));
      }
      assertThat(seats.groups()).isLessThanOrEqualTo(2 * 11 + 64 + 1);
    }

    assertThat(seats.room()).isEqualTo(40);
    assertThat(seats.best(waiting(null, null), T0)).isNotNull();
  }

  @Test
  void circle_isWhatANaiveModelSays_whateverIsConfigured() {
    for (long seed = 0; seed < 3_000; seed++) {
      Random random = new Random(seed);
      Access access = access(random);
      SeatIndex seats = new SeatIndex(access);
      Map<Agent.Id, AgentSeat> there = new HashMap<>();
      for (int i = 0; i < 1 + random.nextInt(8); i++) {
        AgentSeat seat = anySeat(random, i);
        seats.put(seat);
        there.put(seat.id(), seat);
      }
      Waiting waiting = anyWaiting(random);
      for (int second = 0; second <= 40; second += 1 + random.nextInt(4)) {
        Instant now = T0.plusSeconds(second);
        List<String> expected =
            there.values().stream()
                .filter(s -> s.hasRoomFor(1) && naive(access, there, waiting, s, now))
                .map(s -> s.id().value())
                .sorted()
                .toList();

        assertThat(seats.candidates(waiting, now, 99).stream().sorted().toList())
            .as("seed " + seed + " second " + second + " " + access + waiting + there)
            .isEqualTo(
                expected.isEmpty() && isKept(access, there, waiting, now)
                    ? List.of(waiting.preferred().value())
                    : expected);
        assertThat(seats.best(waiting, now) == null)
            .as("seed " + seed + " second " + second)
            .isEqualTo(expected.isEmpty());
        later(seed, seats, waiting, now, expected);
      }
    }
  }

  /** Time alone changes who may have it only at the moments that are told. */
  private static void later(
      long seed, SeatIndex seats, Waiting waiting, Instant now, List<String> expected) {
    Instant opens = seats.door(waiting.bucket()).opensAt(waiting, now);
    Instant before = opens == null ? now.plusSeconds(999) : opens.minusMillis(1);
    if (!expected.isEmpty()) {
      assertThat(seats.candidates(waiting, before, 99).stream().sorted().toList())
          .as("seed " + seed + " from " + now + " to " + before)
          .isEqualTo(expected);
    }
  }

  private static boolean isKept(
      Access access, Map<Agent.Id, AgentSeat> there, Waiting waiting, Instant clock) {
    Instant now = clock.isBefore(waiting.entered()) ? waiting.entered() : clock;
    AgentSeat one = waiting.preferred() == null ? null : there.get(waiting.preferred());
    Duration kept = waiting.chosen() ? access.preferredAgent() : access.lastAgent();
    return one != null
        && waiting.bucket().admits(one.agent())
        && now.isBefore(waiting.entered().plus(kept));
  }

  private static boolean naive(
      Access access, Map<Agent.Id, AgentSeat> there, Waiting w, AgentSeat seat, Instant clock) {
    Instant now = clock.isBefore(w.entered()) ? w.entered() : clock;
    if (isKept(access, there, w, now)) {
      return seat.id().equals(w.preferred());
    }
    Steps steps = w.bucket().steps().isEmpty() ? access.steps(w.bucket()) : w.bucket().steps();
    Map<String, Integer> asked = w.bucket().skills();
    Instant end = w.entered();
    for (Steps.Step step : steps.steps()) {
      end = step.lasts() == null ? Instant.MAX : end.plus(step.lasts());
      Map<String, Integer> both = new HashMap<>(w.bucket().skills());
      step.skills().forEach((skill, level) -> both.merge(skill, level, Math::max));
      if (now.isBefore(end) && there.values().stream().anyMatch(s -> has(s, both, w))) {
        asked = both;
        break;
      }
    }
    Map<String, Integer> skills = asked;
    boolean speakers =
        w.language() != null
            && now.isBefore(w.entered().plus(access.languageWait()))
            && there.values().stream()
                .anyMatch(s -> has(s, skills, w) && s.agent().languages().contains(w.language()));
    Duration delay = seat.agent().delays().getOrDefault(w.bucket().queue(), Duration.ZERO);
    return has(seat, skills, w)
        && !now.isBefore(w.entered().plus(delay))
        && (!speakers || seat.agent().languages().contains(w.language()));
  }

  private static boolean has(AgentSeat seat, Map<String, Integer> skills, Waiting waiting) {
    return seat.agent().queues().contains(waiting.bucket().queue())
        && skills.entrySet().stream()
            .allMatch(s -> seat.agent().skills().getOrDefault(s.getKey(), 0) >= s.getValue());
  }

  private static Duration some(Random random) {
    return Duration.ofSeconds((long) random.nextInt(3) * random.nextInt(15));
  }

  private static Map<String, Integer> skills(Random random) {
    return random.nextInt(3) == 0
        ? Map.of()
        : Map.of(random.nextBoolean() ? "s" : "t", 1 + random.nextInt(3));
  }

  private static Steps someSteps(Random random) {
    List<Steps.Step> steps = new ArrayList<>();
    for (int i = 0; i < random.nextInt(4); i++) {
      steps.add(step(skills(random), 1 + random.nextInt(12)));
    }
    return new Steps(steps);
  }

  private static Access access(Random random) {
    return new Access(
        Map.of("q", someSteps(random)),
        some(random),
        some(random),
        random.nextBoolean(),
        some(random));
  }

  private static AgentSeat anySeat(Random random, int number) {
    Agent agent =
        new Agent(
            new Agent.Id("a" + number),
            random.nextInt(5) == 0 ? List.of("r") : List.of("q", "r"),
            skills(random),
            random.nextBoolean() ? List.of("zh") : List.of("en"),
            2,
            random.nextInt(3) == 0 ? Map.of("q", some(random)) : Map.of());
    return new AgentSeat(agent, 1, random.nextInt(3), T0.minusSeconds(random.nextInt(9)));
  }

  private static Waiting anyWaiting(Random random) {
    return new Waiting(
        new Conversation.Id("c"),
        new Bucket(
            "q",
            "p",
            random.nextInt(3) == 0 ? Map.of("s", 1) : Map.of(),
            random.nextInt(3) == 0 ? someSteps(random) : Steps.NONE),
        false,
        T0.plusSeconds(60),
        5,
        T0.minusSeconds(100),
        T0.plusMillis(random.nextInt(3) * 500L),
        random.nextBoolean() ? null : new Agent.Id("a" + random.nextInt(9)),
        random.nextBoolean(),
        random.nextBoolean() ? null : "zh",
        1,
        Map.of());
  }
}
