// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.frontdesk.gateway.conversation.Workspace;
import dev.frontdesk.gateway.desk.ChatDesk;
import dev.frontdesk.gateway.domain.Agent;
import dev.frontdesk.gateway.domain.ContactKey;
import dev.frontdesk.gateway.domain.Conversation;
import dev.frontdesk.gateway.timer.TimerLetter;
import dev.frontdesk.gateway.timer.TimerLetterBox;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What every form of the store promises. */
public abstract class StoreContract {

  private static final Duration LEASE = Duration.ofMillis(150);

  protected Store store;
  protected String workspace;
  protected RedisKeys keys;

  /** A store and a workspace nobody used before. */
  protected abstract Store openStore();

  protected abstract String freshWorkspace();

  /** Lets the store's time go on. */
  protected abstract void pass(Duration time);

  @BeforeEach
  void open() {
    store = openStore();
    workspace = freshWorkspace();
    keys = new RedisKeys(workspace);
  }

  protected static <T extends @Nullable Object> T await(Future<T> future) {
    try {
      return future.toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    } catch (java.util.concurrent.ExecutionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw new AssertionError(e);
    } catch (InterruptedException | java.util.concurrent.TimeoutException e) {
      throw new AssertionError("no answer within 10 s", e);
    }
  }

  protected Commit.Builder intake() {
    return Commit.of(workspace, store.clock("acme").now(), Commit.Urgency.INTAKE);
  }

  protected Commit.Builder releasing() {
    return Commit.of(workspace, store.clock("acme").now(), Commit.Urgency.RELEASING);
  }

  protected CommitResult commit(Commit.Builder commit) {
    return await(store.commit(commit.build()));
  }

  private void write(Write... writes) {
    Commit.Builder commit = intake();
    Arrays.asList(writes).forEach(commit::write);
    assertThat(commit(commit)).isInstanceOf(CommitResult.Done.class);
  }

  private void assertHolds(boolean holds, Guard guard) {
    Key mark = keys.operation("mark");
    CommitResult result =
        commit(intake().guard(guard).write(new Write.Set(mark, "written", 60_000)));
    if (holds) {
      assertThat(result).as("%s", guard).isInstanceOf(CommitResult.Done.class);
      assertThat(await(store.get(mark))).isEqualTo("written");
      write(new Write.Delete(mark));
    } else {
      assertThat(result).isEqualTo(new CommitResult.Conflict(0, guard));
      assertThat(await(store.get(mark))).isNull();
    }
  }

  @Test
  void guards_onStrings() {
    Key key = keys.operation("k");
    assertHolds(true, new Guard.Absent(key, null));
    assertHolds(false, new Guard.Present(key, null));
    assertHolds(false, new Guard.Equals(key, null, ""));
    assertHolds(true, new Guard.AtLeast(key, null, 0));
    assertHolds(false, new Guard.AtLeast(key, null, 1));

    write(new Write.Set(key, "7", 60_000));

    assertHolds(false, new Guard.Absent(key, null));
    assertHolds(true, new Guard.Present(key, null));
    assertHolds(true, new Guard.Equals(key, null, "7"));
    assertHolds(false, new Guard.Equals(key, null, "07"));
    assertHolds(true, new Guard.AtLeast(key, null, 7));
    assertHolds(false, new Guard.AtLeast(key, null, 8));
    assertHolds(true, new Guard.Below(key, null, 8));
    assertHolds(false, new Guard.Below(key, null, 7));
    assertHolds(true, new Guard.Within(key, null, 3, 10));
    assertHolds(false, new Guard.Within(key, null, 4, 10));
  }

  @Test
  void guards_onFieldsAndMembers() {
    Key hash = keys.gauges();
    Key sorted = keys.timers();
    assertHolds(true, new Guard.Absent(hash, "n"));
    assertHolds(true, new Guard.Absent(sorted, "m"));
    assertHolds(true, new Guard.Within(hash, "n", 5, 5));

    write(new Write.HashSet(hash, "n", "7"), new Write.SortedAdd(sorted, "m", 12));

    assertHolds(false, new Guard.Absent(hash, "n"));
    assertHolds(true, new Guard.Absent(hash, "other"));
    assertHolds(true, new Guard.Present(hash, "n"));
    assertHolds(false, new Guard.Present(hash, "other"));
    assertHolds(true, new Guard.Equals(hash, "n", "7"));
    assertHolds(true, new Guard.AtLeast(hash, "n", 7));
    assertHolds(false, new Guard.Below(hash, "n", 7));
    assertHolds(false, new Guard.Within(hash, "n", 4, 10));
    assertHolds(true, new Guard.Present(sorted, "m"));
    assertHolds(false, new Guard.Absent(sorted, "m"));
    assertHolds(true, new Guard.Absent(sorted, "other"));
  }

  @Test
  void expireNew_concernsOnlyAKeyThatThisCommitMakes() {
    Key kept = keys.gauges();
    Key made = keys.verdicts(1);
    write(new Write.HashSet(kept, "n", "1"));

    write(
        new Write.HashSet(kept, "n", "2"),
        new Write.ExpireNew(kept, 40),
        new Write.HashAdd(made, "n", 1),
        new Write.ExpireNew(made, 40));

    assertThat(await(store.hashAll(made))).containsEntry("n", "1");
    pass(Duration.ofMillis(60));

    assertThat(await(store.hashAll(made))).isEmpty();
    assertThat(await(store.hashAll(kept))).containsEntry("n", "2");
  }

  @Test
  void guard_absentFromAll_looksIntoEachHash() {
    Key first = keys.dedupe(1, 0);
    Key second = keys.dedupe(2, 0);
    Key never = keys.dedupe(3, 0);
    write(new Write.HashSet(first, "a", "C 1"), new Write.HashSet(second, "b", "C 2"));

    assertHolds(false, new Guard.AbsentFromAll(List.of(first, second, never), "a"));
    assertHolds(false, new Guard.AbsentFromAll(List.of(never, first, second), "b"));
    assertHolds(false, new Guard.AbsentFromAll(List.of(first), "a"));
    assertHolds(true, new Guard.AbsentFromAll(List.of(second, never), "a"));
    assertHolds(true, new Guard.AbsentFromAll(List.of(first, second, never), "c"));
  }

  @Test
  void guards_nameTheFirstThatDoesNotHold() {
    Guard holds = new Guard.Absent(keys.gauges(), "x");
    Guard fails = new Guard.Present(keys.gauges(), "x");

    CommitResult result = commit(intake().guard(holds).guard(fails).guard(fails));

    assertThat(result).isEqualTo(new CommitResult.Conflict(1, fails));
  }

  @Test
  void writes_onEachType() {
    Key list = keys.parked("l");
    Key sorted = keys.timers();
    Key hash = keys.gauges();
    Key text = keys.operation("s");
    write(
        new Write.Set(text, "文字", 0),
        new Write.HashSet(hash, "a", "1"),
        new Write.HashSet(hash, "b", "2"),
        new Write.HashAdd(hash, "a", 41),
        new Write.HashAdd(hash, "c", -3),
        new Write.HashDelete(hash, "b"),
        new Write.Push(list, "one"),
        new Write.Push(list, "two"),
        new Write.Push(list, "three"),
        new Write.Replace(list, 1, "zwei"),
        new Write.Replace(list, 9, "nothing"),
        new Write.SortedAdd(sorted, "late", 2.5e12),
        new Write.SortedAdd(sorted, "early", 1.25),
        new Write.SortedAdd(sorted, "gone", 5),
        new Write.SortedRemove(sorted, "gone"));

    assertThat(await(store.get(text))).isEqualTo("文字");
    assertThat(await(store.hashAll(hash))).isEqualTo(Map.of("a", "42", "c", "-3"));
    assertThat(await(store.hashGet(hash, "a"))).isEqualTo("42");
    assertThat(await(store.hashGet(hash, "none"))).isNull();
    assertThat(await(store.list(list, 0, -1))).containsExactly("one", "zwei", "three");
    assertThat(await(store.list(list, -2, -1))).containsExactly("zwei", "three");
    assertThat(await(store.sorted(sorted, 0, -1)))
        .containsExactly(new Scored("early", 1.25), new Scored("late", 2.5e12));
    assertThat(await(store.sortedDescending(sorted, 2.5e12, 0, 1)))
        .containsExactly(new Scored("late", 2.5e12));
    assertThat(await(store.sortedDescending(sorted, 2e12, 0, 5)))
        .containsExactly(new Scored("early", 1.25));
    assertThat(await(store.sortedDescending(sorted, 3e12, 1, 5)))
        .containsExactly(new Scored("early", 1.25));
    assertThat(await(store.sortedCount(sorted))).isEqualTo(2);
    assertThat(await(store.sortedBelow(sorted, 1.25))).isEqualTo(0);
    assertThat(await(store.sortedBelow(sorted, 2.5e12))).isEqualTo(1);
    assertThat(await(store.sortedBelow(sorted, 3e12))).isEqualTo(2);
    assertThat(await(store.sortedBelow(keys.index(), 3e12))).isZero();

    write(new Write.Trim(list, 2), new Write.Delete(text), new Write.HashDelete(hash, "a"));

    assertThat(await(store.list(list, 0, -1))).containsExactly("zwei", "three");
    assertThat(await(store.get(text))).isNull();
    assertThat(await(store.hashAll(hash))).isEqualTo(Map.of("c", "-3"));
  }

  @Test
  void append_keepsTheNewest_inOrder() {
    Key stream = keys.inbox(new Agent.Id("a"));
    assertThat(await(store.streamFirst(stream))).isNull();
    for (int n = 0; n < 8; n++) {
      write(new Write.Append(stream, "row " + n, 5));
    }

    List<StreamEntry> all = await(store.stream(stream, "0", 100));

    assertThat(all)
        .extracting(StreamEntry::value)
        .containsExactly("row 3", "row 4", "row 5", "row 6", "row 7");
    assertThat(await(store.streamFirst(stream))).isEqualTo(all.get(0));
    assertThat(await(store.streamLast(stream))).isEqualTo(all.get(4));
    assertThat(await(store.stream(stream, all.get(2).id(), 1))).containsExactly(all.get(3));
    assertThat(await(store.stream(stream, all.get(4).id(), 9))).isEmpty();
  }

  @Test
  void stream_thatDoesNotExist_isNotMadeByAppendExisting() {
    Key stream = keys.events();
    write(new Write.AppendExisting(stream, "unheard", 3));
    assertThat(await(store.streamLast(stream))).isNull();

    write(new Write.Append(stream, "begun", 3), new Write.Expire(stream, 600));
    for (int n = 0; n < 4; n++) {
      write(new Write.AppendExisting(stream, "row " + n, 3));
    }
    assertThat(await(store.stream(stream, "0", 9)))
        .extracting(StreamEntry::value)
        .containsExactly("row 1", "row 2", "row 3");

    pass(Duration.ofMillis(650));
    write(new Write.AppendExisting(stream, "unheard again", 3));
    assertThat(await(store.streamLast(stream))).as("its time is not renewed by rows").isNull();
  }

  @Test
  void expiry_removesAKey_andKeepsOneWithout() {
    write(
        new Write.Set(keys.operation("short"), "x", 600),
        new Write.Set(keys.operation("long"), "x", 0),
        new Write.HashSet(keys.verdicts(1), "n", "1"),
        new Write.Expire(keys.verdicts(1), 600));
    assertThat(await(store.get(keys.operation("short")))).isEqualTo("x");

    pass(Duration.ofMillis(650));

    assertThat(await(store.get(keys.operation("short")))).isNull();
    assertThat(await(store.hashAll(keys.verdicts(1)))).isEmpty();
    assertThat(await(store.get(keys.operation("long")))).isEqualTo("x");
    assertHolds(true, new Guard.Absent(keys.verdicts(1), "n"));
  }

  @Test
  void commit_withATypeError_writesNothing() {
    write(new Write.Push(keys.parked("l"), "one"), new Write.HashSet(keys.gauges(), "t", "text"));
    Write first = new Write.Set(keys.operation("first"), "x", 0);

    List<Write> wrong =
        List.of(
            new Write.HashSet(keys.parked("l"), "f", "v"),
            new Write.SortedAdd(keys.gauges(), "m", 1),
            new Write.Append(keys.gauges(), "m", 1),
            new Write.Set(keys.gauges(), "v", 0),
            new Write.HashAdd(keys.gauges(), "t", 1),
            new Write.HashAdd(keys.gauges(), "big", CommitCheck.LARGEST + 1),
            new Write.SortedAdd(keys.timers(), "m", Double.NaN),
            new Write.Trim(keys.parked("l"), 0));
    for (Write write : wrong) {
      Commit commit = intake().write(first).write(write).build();
      assertThatThrownBy(() -> await(store.commit(commit)))
          .as("%s", write)
          .isInstanceOfSatisfying(
              StoreUnavailableException.class, e -> assertThat(e.outcomeUnknown()).isFalse());
      assertThat(await(store.get(first.key()))).isNull();
    }
    assertThat(await(store.list(keys.parked("l"), 0, -1))).containsExactly("one");
  }

  @Test
  void commit_whoseFirstWriteMeetsAnotherType_writesNothing() {
    write(new Write.HashSet(keys.parked("l"), "f", "v"));
    Commit commit =
        intake()
            .write(new Write.HashSet(keys.gauges(), "f", "v"))
            .write(new Write.HashAdd(keys.gauges(), "n", 1))
            .write(new Write.Push(keys.parked("l"), "one"))
            .write(new Write.SortedAdd(keys.timers(), "m", 1))
            .build();

    assertThatThrownBy(() -> await(store.commit(commit)))
        .isInstanceOfSatisfying(
            StoreUnavailableException.class, e -> assertThat(e.outcomeUnknown()).isFalse());

    assertThat(await(store.hashAll(keys.gauges()))).isEmpty();
    assertThat(await(store.sorted(keys.timers(), 0, -1))).isEmpty();
  }

  @Test
  void commit_largerThanTheBound_isRefusedWhole() {
    Commit.Builder largest = intake();
    Commit.Builder tooLarge = intake();
    for (int n = 0; n < 990; n++) {
      largest.write(new Write.HashSet(keys.gauges(), "f" + n, "v"));
    }
    for (int n = 0; n < 1_001; n++) {
      tooLarge.write(new Write.HashSet(keys.queueRows(), "f" + n, "v"));
    }

    assertThat(commit(largest)).isInstanceOf(CommitResult.Done.class);
    assertThatThrownBy(() -> commit(tooLarge)).isInstanceOf(CommitTooLargeException.class);

    assertThat(await(store.hashAll(keys.gauges()))).hasSize(990);
    assertThat(await(store.hashAll(keys.queueRows()))).isEmpty();
  }

  @Test
  void commit_twice_happensOnceByItsGuard() {
    Commit commit =
        intake()
            .guard(new Guard.Absent(keys.dedupe(1, 1), "id"))
            .write(new Write.HashSet(keys.dedupe(1, 1), "id", "C 1"))
            .write(new Write.HashAdd(keys.gauges(), "n", 1))
            .build();

    assertThat(await(store.commit(commit))).isInstanceOf(CommitResult.Done.class);
    assertThat(await(store.commit(commit))).isInstanceOf(CommitResult.Conflict.class);

    assertThat(await(store.hashGet(keys.gauges(), "n"))).isEqualTo("1");
  }

  @Test
  void commits_atOnce_countEveryWinnerOnce() {
    int stale = 0;
    for (int version = 0; version < 50; version++) {
      List<Future<CommitResult>> rivals = new ArrayList<>();
      for (int rival = 0; rival < 4; rival++) {
        // another first guard each: rivals come by different connections
        rivals.add(
            store.commit(
                intake()
                    .guard(new Guard.Absent(keys.operation("rival" + rival), null))
                    .guard(new Guard.Within(keys.gauges(), "v", 0, version))
                    .guard(new Guard.AtLeast(keys.gauges(), "v", version))
                    .write(new Write.HashAdd(keys.gauges(), "v", 1))
                    .write(new Write.Push(keys.parked("won"), version + "/" + rival))
                    .build()));
      }
      List<CommitResult> results = rivals.stream().map(StoreContract::await).toList();
      long won = results.stream().filter(result -> result instanceof CommitResult.Done).count();
      if (results.stream().allMatch(result -> result instanceof CommitResult.Stale)) {
        assertThat(++stale).as("rounds lost to a machine that stood still").isLessThan(10);
        version--;
      } else {
        assertThat(won).as("winners of version %d: %s", version, results).isEqualTo(1);
      }
    }

    assertThat(await(store.list(keys.parked("won"), 0, -1))).hasSize(50);
    assertThat(await(store.hashGet(keys.gauges(), "v"))).isEqualTo("50");
  }

  @Test
  void commit_withAnotherTime_isStale() {
    for (int offset : new int[] {-1_500, 1_500}) {
      Instant wrong = store.clock("acme").now().plusMillis(offset);
      Commit commit =
          Commit.of(workspace, wrong, Commit.Urgency.RELEASING)
              .write(new Write.HashSet(keys.gauges(), "x", "1"))
              .build();
      assertThat(await(store.commit(commit))).isInstanceOf(CommitResult.Stale.class);
    }
    assertThat(await(store.hashAll(keys.gauges()))).isEmpty();
    assertThat(commit(intake())).isInstanceOf(CommitResult.Done.class);
  }

  @Test
  void wakeUps_tellTheTopicsOfACommit() {
    List<Set<String>> heard = new CopyOnWriteArrayList<>();
    Runnable stop = store.onWakeUp(workspace, heard::add);
    Awaitility.await()
        .atMost(Duration.ofSeconds(5))
        .until(
            () -> {
              commit(intake().wake("q").wake("a:alice"));
              return heard.contains(Set.of("q", "a:alice"));
            });

    stop.run();
  }

  @Test
  void claimDue_takesOldestFirst_withinTheLimit() {
    long now = store.clock("acme").now().toEpochMilli();
    write(
        new Write.SortedAdd(keys.timers(), "b", now - 10),
        new Write.SortedAdd(keys.timers(), "a", now - 20),
        new Write.SortedAdd(keys.timers(), "c", now - 5),
        new Write.SortedAdd(keys.timers(), "future", now + 60_000));

    Store.Claimed first = await(store.claimDue(workspace, keys.timers(), LEASE, 2));
    Store.Claimed second = await(store.claimDue(workspace, keys.timers(), LEASE, 100));
    Store.Claimed third = await(store.claimDue(workspace, keys.timers(), LEASE, 100));

    assertThat(first.due())
        .containsExactly(new Scored("a", now - 20.0), new Scored("b", now - 10.0));
    assertThat(first.nextDueMillis()).isEqualTo(now - 5);
    assertThat(second.due()).extracting(Scored::member).containsExactly("c");
    assertThat(third.due()).isEmpty();
    assertThat(third.nextDueMillis()).isBetween(now, now + 10_000);

    pass(LEASE.plusMillis(50));

    assertThat(await(store.claimDue(workspace, keys.timers(), LEASE, 100)).due())
        .extracting(Scored::member)
        .containsExactlyInAnyOrder("a", "b", "c");
  }

  private Workspace configured() {
    Workspace any = ChatDesk.WORKSPACE;
    return new Workspace(
        workspace, any.config(), any.terms(), any.rules(), Map.of(), any.policy(), keys);
  }

  private List<String> timers() {
    return await(store.sorted(keys.timers(), 0, -1)).stream().map(Scored::member).toList();
  }

  private List<String> letters(TimerLetterBox box) {
    return await(box.list(configured())).stream().map(TimerLetter::member).toList();
  }

  @Test
  void timer_movesToTheDeadLettersAndBack_wholeOrNotAtAll() {
    TimerLetterBox box = new TimerLetterBox(store);
    write(new Write.SortedAdd(keys.timers(), "b:c:1", 5), new Write.Set(keys.gauges(), "text", 0));

    assertThatThrownBy(() -> await(box.giveUp(configured(), "b:c:1", "why")))
        .isInstanceOf(RuntimeException.class);
    assertThat(timers()).containsExactly("b:c:1");
    assertThat(letters(box)).isEmpty();
    write(new Write.Delete(keys.gauges()));

    assertThat(await(box.giveUp(configured(), "b:c:1", "why")))
        .isEqualTo(TimerLetterBox.GivenUp.LETTER);
    assertThat(await(box.giveUp(configured(), "b:c:1", "why")))
        .as("as after a lost answer")
        .isEqualTo(TimerLetterBox.GivenUp.GONE);
    assertThat(timers()).isEmpty();
    assertThat(letters(box)).containsExactly("b:c:1");
    String id = await(box.list(configured())).get(0).id();
    long now = store.clock("acme").now().toEpochMilli();

    assertThat(await(box.retry(configured(), id))).isTrue();
    assertThat(await(box.retry(configured(), id))).isFalse();
    assertThat(await(store.sorted(keys.timers(), 0, -1)))
        .singleElement()
        .satisfies(timer -> assertThat(timer.score()).isBetween(now - 1_000.0, now + 10_000.0));
    assertThat(letters(box)).isEmpty();
    assertThat(await(store.hashGet(keys.gauges(), RedisKeys.DEAD_TIMERS))).isEqualTo("0");

    write(new Write.SortedAdd(keys.timers(), "b:c:1", now + 60_000));
    assertThat(await(box.giveUp(configured(), "b:c:1", "why")))
        .as("armed anew")
        .isEqualTo(TimerLetterBox.GivenUp.GONE);
    assertThat(timers()).containsExactly("b:c:1");
  }

  @Test
  void claimDue_isNeverEarly_andAnswersWhenNext() {
    long due = store.clock("acme").now().toEpochMilli() + 80;
    write(new Write.SortedAdd(keys.timers(), "t", due));

    Store.Claimed early = await(store.claimDue(workspace, keys.timers(), LEASE, 10));
    if (early.atMillis() < due) {
      assertThat(early.due()).isEmpty();
      assertThat(early.nextDueMillis()).isEqualTo(due);
    }
    pass(Duration.ofMillis(100));
    Store.Claimed onTime = await(store.claimDue(workspace, keys.timers(), LEASE, 10));

    assertThat(onTime.due()).extracting(Scored::member).containsExactly("t");
    assertThat(onTime.atMillis()).isGreaterThanOrEqualTo(due);
    assertThat(await(store.claimDue(workspace, keys.waiting("q", "p"), LEASE, 10)).nextDueMillis())
        .isEqualTo(-1);
  }

  @Test
  void claimDue_byTwoAtOnce_givesEachMemberOnce() {
    long now = store.clock("acme").now().toEpochMilli();
    Commit.Builder commit = intake();
    for (int n = 0; n < 500; n++) {
      commit.write(new Write.SortedAdd(keys.timers(), "t" + n, now - n));
    }
    assertThat(commit(commit)).isInstanceOf(CommitResult.Done.class);

    List<Future<Store.Claimed>> claims = new ArrayList<>();
    for (int n = 0; n < 20; n++) {
      claims.add(store.claimDue(workspace, keys.timers(), Duration.ofMinutes(1), 40));
    }
    List<String> taken =
        claims.stream().flatMap(claim -> await(claim).due().stream()).map(Scored::member).toList();

    assertThat(taken).hasSize(500);
    assertThat(new HashSet<>(taken)).hasSize(500);
  }

  @Test
  void load_byContact_followsThePointer() {
    ContactKey contact = new ContactKey("wechat", "openid", null);
    Conversation.Id id = new Conversation.Id("C1");
    Instant eightDaysAgo = store.clock("acme").now().minus(LoadRequest.DEDUPE_TIME).plusSeconds(60);
    int bucket = LoadRequest.bucketOf("seen", 16);
    LoadRequest request =
        new LoadRequest(
            workspace, contact, null, List.of("seen", "new"), List.of("waits", "none"), 16);

    Loaded before = await(store.load(request));
    write(
        keys.pointer(contact).set("C1"),
        new Write.HashSet(keys.conversation(id), "v", "3"),
        new Write.HashSet(keys.conversation(id), "s", "{\"state\":1}"),
        new Write.HashSet(keys.dedupe(eightDaysAgo, bucket), "seen", "C1 2"),
        new Write.Push(keys.parked("waits"), "edit"));
    Loaded after = await(store.load(request));

    assertThat(before.pointer()).isNull();
    assertThat(before.version()).isZero();
    assertThat(before.state()).isNull();
    assertThat(before.known()).containsExactly(null, null);
    assertThat(before.parked()).containsExactly(List.of(), List.of());
    assertThat(after.pointer()).isEqualTo("C1");
    assertThat(after.version()).isEqualTo(3);
    assertThat(after.state()).isEqualTo("{\"state\":1}");
    assertThat(after.known()).containsExactly("C1 2", null);
    assertThat(after.parked()).containsExactly(List.of("edit"), List.of());
    assertThat(after.at()).isBeforeOrEqualTo(store.clock("acme").now().plusMillis(1_000));
  }

  @Test
  void load_byContactWithAThread_followsItsOwnPointer_andTellsTheCustomerOnRequest() {
    ContactKey plain = new ContactKey("wechat", "openid", null);
    ContactKey thread = new ContactKey("wechat", "openid", "t1");
    ContactKey other = new ContactKey("wechat", "openid", "t2");
    write(
        keys.pointer(plain).set("C1"),
        keys.pointer(thread).set("C2"),
        keys.pointer(other).set("C3"),
        new Write.HashSet(keys.conversation(new Conversation.Id("C2")), "v", "2"),
        new Write.Set(keys.link(plain.identity()), "linked", 0),
        new Write.Set(keys.lookup(plain.identity()), "", 60_000));

    Loaded asked = await(store.load(customer(thread, true)));
    Loaded unasked = await(store.load(customer(thread, false)));
    Loaded stranger = await(store.load(customer(new ContactKey("wechat", "x", "t1"), true)));

    assertThat(asked.pointer()).isEqualTo("C2");
    assertThat(asked.version()).isEqualTo(2);
    assertThat(asked.link()).isEqualTo("linked");
    assertThat(asked.lookup()).isEmpty();
    assertThat(asked.known()).containsExactly((String) null);
    assertThat(asked.parked()).containsExactly(List.of());
    assertThat(unasked.pointer()).isEqualTo("C2");
    assertThat(unasked.link()).isNull();
    assertThat(unasked.lookup()).isNull();
    assertThat(stranger.pointer()).isNull();
    assertThat(stranger.link()).isNull();
    assertThat(await(store.get(keys.direct(plain.identity())))).isEqualTo("C1");
    assertThat(await(store.hashAll(keys.threads(plain.identity()))).values())
        .containsExactlyInAnyOrder("C2", "C3");

    write(keys.pointer(thread).clear(), keys.pointer(other).clear(), keys.pointer(plain).clear());
    assertThat(await(store.hashAll(keys.threads(plain.identity())))).isEmpty();
    assertThat(await(store.load(customer(plain, true))).pointer()).isNull();
  }

  private LoadRequest customer(ContactKey contact, boolean asked) {
    return new LoadRequest(workspace, contact, null, List.of("d"), List.of("p"), 16, asked);
  }

  @Test
  void load_byId_findsTheConversation_andForgetsAfterTwelveDays() {
    Conversation.Id id = new Conversation.Id("C2");
    Instant before = store.clock("acme").now().minus(LoadRequest.DEDUPE_TIME);
    long lastPeriod = RedisKeys.dedupePeriod(before);
    int bucket = LoadRequest.bucketOf("old", 16);
    write(
        new Write.HashSet(keys.conversation(id), "v", "1"),
        new Write.HashSet(keys.conversation(id), "s", "x"),
        new Write.HashSet(keys.dedupe(lastPeriod - 1, bucket), "old", "C2 1"));

    Loaded loaded =
        await(store.load(new LoadRequest(workspace, null, id, List.of("old"), List.of(), 16)));

    assertThat(loaded.pointer()).isNull();
    assertThat(loaded.version()).isEqualTo(1);
    assertThat(loaded.state()).isEqualTo("x");
    assertThat(loaded.known()).containsExactly((String) null);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 20261121, 77})
  void commits_atRandom_answerAndWriteAsTheNaiveStore(long seed) {
    NaiveStore naive = new NaiveStore();
    RandomCommits random = new RandomCommits(seed, workspace);
    int refused = 0;
    for (int step = 0; step < 600; step++) {
      Commit commit = random.next(store.clock("acme").now());
      String expected = naive.commit(commit);
      String got = outcome(commit);
      assertThat(got).as("seed %d step %d %s", seed, step, commit).isEqualTo(expected);
      refused += got.equals("refused") ? 1 : 0;
      if (step % 10 == 0 || got.equals("refused")) {
        assertSame(seed, step, naive, random);
      }
    }
    assertThat(refused).as("seed %d reaches refusals", seed).isBetween(5, 500);
  }

  private String outcome(Commit commit) {
    try {
      CommitResult result = await(store.commit(commit));
      return result instanceof CommitResult.Conflict conflict
          ? "guard " + conflict.index()
          : result instanceof CommitResult.Done ? "done" : result.toString();
    } catch (StoreUnavailableException e) {
      return "refused";
    }
  }

  private void assertSame(long seed, int step, NaiveStore naive, RandomCommits random) {
    String at = "seed " + seed + " step " + step + " ";
    for (Key key : random.hashes()) {
      Object expected = naive.look(key);
      if (expected != null && !(expected instanceof NaiveStore.Fields)) {
        continue; // a random push or text made another type of it; a random delete will end that
      }
      assertThat(await(store.hashAll(key)))
          .as(at + key)
          .isEqualTo(expected == null ? Map.of() : expected);
    }
    for (Key key : random.lists()) {
      Object expected = naive.look(key);
      if (expected != null && !(expected instanceof List)) {
        continue;
      }
      assertThat(await(store.list(key, 0, -1)))
          .as(at + key)
          .isEqualTo(expected == null ? List.of() : expected);
    }
    for (Key key : random.strings()) {
      Object expected = naive.look(key);
      if (expected == null || expected instanceof String) {
        assertThat(await(store.get(key))).as(at + key).isEqualTo(expected);
      }
    }
    for (Key key : random.sortedSets()) {
      Object expected = naive.look(key);
      if (expected != null && !(expected instanceof NaiveStore.Scores)) {
        continue;
      }
      NaiveStore.Scores scores = new NaiveStore.Scores();
      for (Scored row : await(store.sorted(key, 0, -1))) {
        scores.put(row.member(), row.score());
      }
      assertThat(scores).as(at + key).isEqualTo(expected == null ? Map.of() : expected);
    }
  }
}
