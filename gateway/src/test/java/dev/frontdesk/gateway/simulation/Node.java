// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.simulation;

import dev.frontdesk.gateway.agent.AgentInbox;
import dev.frontdesk.gateway.agent.AgentPresence;
import dev.frontdesk.gateway.agent.InboxWaiters;
import dev.frontdesk.gateway.agent.PollTurns;
import dev.frontdesk.gateway.bot.BotCircuits;
import dev.frontdesk.gateway.bot.BotSessions;
import dev.frontdesk.gateway.conversation.ConversationService;
import dev.frontdesk.gateway.conversation.JsonCodec;
import dev.frontdesk.gateway.customer.ConversationEraser;
import dev.frontdesk.gateway.customer.CustomerErasures;
import dev.frontdesk.gateway.customer.CustomersInUse;
import dev.frontdesk.gateway.desk.KnownCustomers;
import dev.frontdesk.gateway.domain.Timer;
import dev.frontdesk.gateway.event.EventLetterBox;
import dev.frontdesk.gateway.intake.Channels;
import dev.frontdesk.gateway.lease.WorkspaceLease;
import dev.frontdesk.gateway.outbox.DeadLetterBox;
import dev.frontdesk.gateway.outbox.OutboundDispatcher;
import dev.frontdesk.gateway.routing.QueuePull;
import dev.frontdesk.gateway.routing.Router;
import dev.frontdesk.gateway.time.Scheduler;
import dev.frontdesk.gateway.timer.NoticeTimers;
import dev.frontdesk.gateway.timer.OrphanTimers;
import dev.frontdesk.gateway.timer.TimerRoom;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Executor;

/** One gateway: the real rooms, wired as {@code Gateway} wires them, until it dies. */
final class Node {

  final String name;
  final Link link;
  final ConversationService service;
  final dev.frontdesk.gateway.customer.Customers customers;
  final CustomerErasures erasures;
  final AgentPresence presence;
  final AgentInbox inbox;
  final QueuePull pull;
  private final World world;
  private final TimerRoom timers;
  private final OutboundDispatcher outbox;
  private final Router router;
  private boolean dead;

  Node(World world, String name, Channels channels) {
    this.world = world;
    this.name = name;
    this.link = new Link(world);
    Random random = new Random(world.random.nextLong());
    Scheduler scheduler = (delay, task) -> world.time.after(delay, () -> alive(task));
    Executor home = task -> scheduler.after(Duration.ZERO, task);
    BotCircuits circuits = new BotCircuits(link);
    circuits.follow(world.workspace);
    circuits.refresh(world.workspace).onFailure(unread -> {});
    this.service =
        new ConversationService(
            link,
            new JsonCodec(),
            scheduler,
            random,
            world.metrics,
            10_000,
            new KnownCustomers(
                new CustomersInUse(link, () -> world.time.now().toEpochMilli() * 1_000_000)),
            circuits);
    this.customers =
        new dev.frontdesk.gateway.customer.Customers(link, new JsonCodec(), service, scheduler);
    this.erasures =
        new CustomerErasures(
            link,
            customers,
            service,
            new ConversationEraser(
                link, service, new DeadLetterBox(link, service), new EventLetterBox(link)));
    PollTurns turns = new PollTurns(10_000);
    this.presence =
        new AgentPresence(link, service, () -> world.time.now().toEpochMilli() * 1_000_000, turns);
    this.inbox =
        new AgentInbox(
            link, service::find, new InboxWaiters(link, scheduler, home, 1_000, turns), turns);
    this.pull = new QueuePull(link, service);
    BotSessions bots = new BotSessions(link, service);
    NoticeTimers notices = new NoticeTimers(link, service);
    OrphanTimers orphans = new OrphanTimers(service, world.metrics);
    this.timers =
        new TimerRoom(
            () -> world.workspace,
            link,
            scheduler,
            Map.of(
                Timer.Subject.CONVERSATION,
                service::fire,
                Timer.Subject.AGENT,
                presence::fired,
                Timer.Subject.BOT,
                (at, timer) -> bots.lost(at, timer.subject(), timer.generation()),
                Timer.Subject.CUSTOMER,
                (at, timer) -> erasures.resume(at, timer).mapEmpty(),
                Timer.Subject.NOTICE,
                (at, timer) -> notices.fired(at, timer).mapEmpty(),
                Timer.Subject.ORPHAN,
                (at, timer) -> orphans.fired(at, timer).mapEmpty()),
            world.metrics);
    this.outbox =
        new OutboundDispatcher(
            () -> world.workspace, name, link, service, channels, scheduler, random, world.metrics);
    this.router =
        new Router(
            () -> world.workspace,
            link,
            scheduler,
            home,
            service,
            () -> world.name("offer"),
            world.metrics);
    link.onWakeUp(world.workspace.id(), this::woken);
    new WorkspaceLease(world.workspace.id(), name, link, scheduler, this::begin, this::end).start();
  }

  private void alive(Runnable task) {
    if (!dead) {
      task.run();
    }
  }

  private void begin() {
    world.trail.add(name, "holds the workspace");
    timers.start();
    outbox.start();
    router.start();
  }

  private void end() {
    world.trail.add(name, "lost the workspace");
    timers.stop();
    outbox.stop();
    router.stop();
  }

  private void woken(Set<String> topics) {
    for (String topic : topics) {
      if (topic.startsWith("t:")) {
        timers.wake(Long.parseLong(topic.substring(2)));
      } else if (topic.startsWith("o:")) {
        outbox.wake(Long.parseLong(topic.substring(2)));
      }
    }
  }

  /** Dies without a word, in the middle of whatever it does. */
  void kill() {
    world.trail.add(name, "dies");
    dead = true;
    link.cut();
  }
}
