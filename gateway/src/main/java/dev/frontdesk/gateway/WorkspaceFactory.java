// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway;

import dev.frontdesk.config.FrontdeskConfig;
import dev.frontdesk.config.QueueOverflow;
import dev.frontdesk.config.WarmUp;
import dev.frontdesk.connector.ChannelFamily;
import dev.frontdesk.gateway.conversation.Workspace;
import dev.frontdesk.gateway.domain.Acknowledgement;
import dev.frontdesk.gateway.domain.Agent;
import dev.frontdesk.gateway.domain.ConversationRules;
import dev.frontdesk.gateway.domain.Occupancy;
import dev.frontdesk.gateway.domain.OfferTerms;
import dev.frontdesk.gateway.domain.Steps;
import dev.frontdesk.gateway.domain.Terms;
import dev.frontdesk.gateway.domain.Triage;
import dev.frontdesk.gateway.domain.routing.Access;
import dev.frontdesk.gateway.domain.routing.Levers;
import dev.frontdesk.gateway.domain.routing.PromiseClass;
import dev.frontdesk.gateway.domain.routing.PromiseTable;
import dev.frontdesk.gateway.domain.routing.RoutingPolicy;
import dev.frontdesk.gateway.intake.Conditions;
import dev.frontdesk.gateway.intake.TriageRules;
import dev.frontdesk.gateway.simulation.Simulator;
import dev.frontdesk.gateway.store.RedisKeys;
import java.time.Duration;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Makes workspaces of a loaded configuration. Stateless and thread-safe. */
public final class WorkspaceFactory {

  private static final String SUPERVISOR = "supervisor";

  private final Function<String, ChannelFamily> families;
  private final Conditions conditions;
  private final Consumer<String> failedConditions;

  /**
   * A factory.
   *
   * @param families the family of a connector, by its name
   * @param failedConditions told the workspace each time a triage condition failed
   */
  public WorkspaceFactory(
      Function<String, ChannelFamily> families,
      Conditions conditions,
      Consumer<String> failedConditions) {
    this.families = families;
    this.conditions = conditions;
    this.failedConditions = failedConditions;
  }

  /** All workspaces of a loaded configuration, by id. */
  public Map<String, Workspace> workspaces(FrontdeskConfig config) {
    Map<String, Workspace> byId = new LinkedHashMap<>();
    config.workspaces().forEach((id, workspace) -> byId.put(id, workspace(id, workspace)));
    return byId;
  }

  /** One workspace. */
  public Workspace workspace(String id, FrontdeskConfig.Workspace config) {
    Terms terms = terms(id, config);
    return new Workspace(
        id,
        config,
        terms,
        new ConversationRules(terms),
        agents(config),
        RoutingPolicy.named(config.routing().policy(), levers(config)),
        access(config),
        new RedisKeys(id));
  }

  /** The levers of a workspace's policy. */
  public static Levers levers(FrontdeskConfig.Workspace config) {
    Map<String, PromiseClass> promises = new LinkedHashMap<>();
    config
        .promises()
        .forEach(
            (name, promise) ->
                promises.put(
                    name,
                    new PromiseClass(
                        Calendars.target(promise.firstResponse()).nominal(),
                        promise.weight(),
                        promise.minShare().value())));
    return new Levers(
        config.routing().lateShare().value(),
        config.routing().hardBound(),
        new PromiseTable(promises));
  }

  /** What a workspace's levers and costs would come to. */
  public static Simulator simulator(FrontdeskConfig.Workspace config) {
    Map<String, Integer> costs = new LinkedHashMap<>();
    config.channels().forEach((id, channel) -> costs.put(id, channel.cost()));
    WarmUp warmUp = config.routing().warmUp();
    return new Simulator(
        levers(config),
        costs,
        new Simulator.Terms(
            access(config).inOneQueue(config.defaults().queue(), Simulator.QUEUE),
            warmUp == null ? null : warmUp.every()));
  }

  private Terms terms(String id, FrontdeskConfig.Workspace config) {
    Calendars calendars = new Calendars(config);
    return new Terms(
        promises(config, calendars),
        channels(config),
        config.queues().keySet(),
        skills(config),
        triage(id, config, calendars),
        config.defaults().queue(),
        config.defaults().promise(),
        config.routing().declineBackoff(),
        config.conversations().reopenWindow(),
        config.conversations().retention(),
        config.conversations().maxMessages(),
        offers(config),
        occupancy(config));
  }

  private static Occupancy occupancy(FrontdeskConfig.Workspace config) {
    Map<String, Occupancy.Overflow> overflows = new LinkedHashMap<>();
    Map<String, List<Agent>> staff = new LinkedHashMap<>();
    config
        .queues()
        .forEach(
            (name, queue) -> {
              QueueOverflow overflow = queue.overflow();
              if (overflow != null) {
                overflows.put(name, new Occupancy.Overflow(overflow.queue(), overflow.after()));
                staff.put(overflow.queue(), staff(config, overflow.queue()));
              }
            });
    return new Occupancy(
        overflows, config.routing().inactiveAfter(), config.routing().inactiveCost(), staff);
  }

  private static List<Agent> staff(FrontdeskConfig.Workspace config, String queue) {
    return agents(config).values().stream().filter(a -> a.queues().contains(queue)).toList();
  }

  /** Whom conversations are kept for while they wait. */
  public static Access access(FrontdeskConfig.Workspace config) {
    Map<String, Steps> queues = new LinkedHashMap<>();
    config
        .queues()
        .forEach(
            (name, queue) -> {
              if (!queue.steps().isEmpty()) {
                queues.put(name, TriageRules.steps(queue.steps()));
              }
            });
    FrontdeskConfig.Routing routing = config.routing();
    return new Access(
        queues,
        routing.lastAgent(),
        routing.preferredAgent(),
        routing.languageFirst(),
        routing.languageWait());
  }

  private static OfferTerms offers(FrontdeskConfig.Workspace config) {
    FrontdeskConfig.Routing routing = config.routing();
    Map<String, Set<Agent.Id>> supervisors = new HashMap<>();
    config
        .agents()
        .forEach(
            (id, agent) -> {
              if (agent.role().equals(SUPERVISOR)) {
                agent
                    .queues()
                    .forEach(
                        queue ->
                            supervisors
                                .computeIfAbsent(queue, q -> new HashSet<>())
                                .add(new Agent.Id(id)));
              }
            });
    return new OfferTerms(
        routing.offerTo(),
        routing.returnAfter(),
        routing.returnHops(),
        routing.returnGrace(),
        routing.wrapUp(),
        supervisors);
  }

  /** Every skill that somebody has; a bot may ask for no other. */
  private static Set<String> skills(FrontdeskConfig.Workspace config) {
    Set<String> skills = new HashSet<>();
    config.agents().values().forEach(agent -> skills.addAll(agent.skills().keySet()));
    return skills;
  }

  private Triage.Rules triage(String id, FrontdeskConfig.Workspace config, Calendars calendars) {
    return config.triage().isEmpty()
        ? TriageRules.defaultsOnly(config)
        : TriageRules.compile(
            config, conditions, calendars.byName(), () -> failedConditions.accept(id));
  }

  private static Map<String, Terms.Promise> promises(
      FrontdeskConfig.Workspace config, Calendars calendars) {
    Map<String, Terms.Promise> promises = new LinkedHashMap<>();
    config
        .promises()
        .forEach(
            (name, promise) ->
                promises.put(name, new Terms.Promise(name, calendars.clocks(promise))));
    return promises;
  }

  private Map<String, Terms.Channel> channels(FrontdeskConfig.Workspace config) {
    Map<String, Terms.Channel> channels = new LinkedHashMap<>();
    ZoneId zone = zone(config);
    config.channels().forEach((id, channel) -> channels.put(id, channel(id, channel, zone)));
    config.bots().forEach((id, bot) -> bot.channels().forEach(c -> give(channels, c, id, bot)));
    return channels;
  }

  private Terms.Channel channel(String id, FrontdeskConfig.Channel channel, @Nullable ZoneId zone) {
    String family = families.apply(channel.connector()).label();
    return new Terms.Channel(
        id,
        channel.connector(),
        family,
        channel.cost(),
        null,
        Duration.ZERO,
        acknowledgement(channel.acknowledgement(), zone));
  }

  private static @Nullable Acknowledgement acknowledgement(
      FrontdeskConfig.@Nullable Acknowledgement configured, @Nullable ZoneId zone) {
    return configured == null
        ? null
        : new Acknowledgement(
            configured.text(),
            configured.offHours(),
            configured.window(),
            configured.bots(),
            configured.zone() == null ? zone : configured.zone());
  }

  /** The zone of the default promise's calendar, else of any promise that has one. */
  private static @Nullable ZoneId zone(FrontdeskConfig.Workspace config) {
    FrontdeskConfig.Promise usual = config.promises().get(config.defaults().promise());
    return Stream.concat(Stream.ofNullable(usual), config.promises().values().stream())
        .map(
            promise ->
                promise.calendar() == null ? null : config.calendars().get(promise.calendar()))
        .filter(Objects::nonNull)
        .findFirst()
        .map(FrontdeskConfig.Calendar::zone)
        .orElse(null);
  }

  private static void give(
      Map<String, Terms.Channel> channels, String id, String bot, FrontdeskConfig.Bot terms) {
    channels.computeIfPresent(
        id,
        (same, c) ->
            new Terms.Channel(
                id,
                c.connector(),
                c.family(),
                c.cost(),
                bot,
                terms.replyTimeout(),
                c.acknowledgement()));
  }

  /** Whoever serves a queue; an operator answers nobody. */
  private static Map<Agent.Id, Agent> agents(FrontdeskConfig.Workspace config) {
    Map<Agent.Id, Agent> agents = new LinkedHashMap<>();
    config
        .agents()
        .forEach(
            (id, agent) -> {
              if (!agent.role().equals("operator") && !agent.queues().isEmpty()) {
                agents.put(
                    new Agent.Id(id), agent(id, agent, config.routing().returnAfter() != null));
              }
            });
    return agents;
  }

  /** {@code reserving}: what nobody answers is reserved for supervisors at last. */
  private static Agent agent(String id, FrontdeskConfig.Agent agent, boolean reserving) {
    Map<String, Integer> skills = new LinkedHashMap<>(agent.skills());
    if (reserving && agent.role().equals(SUPERVISOR)) {
      skills.put(OfferTerms.SUPERVISOR, 1);
    }
    return new Agent(
        new Agent.Id(id),
        agent.queues(),
        skills,
        agent.languages(),
        agent.capacity(),
        agent.delays(),
        agent.lease());
  }
}
