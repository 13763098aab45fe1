// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.conversation;

import dev.frontdesk.config.FrontdeskConfig;
import dev.frontdesk.gateway.domain.Agent;
import dev.frontdesk.gateway.domain.ConversationRules;
import dev.frontdesk.gateway.domain.Terms;
import dev.frontdesk.gateway.domain.routing.Access;
import dev.frontdesk.gateway.domain.routing.RoutingPolicy;
import dev.frontdesk.gateway.store.RedisKeys;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One workspace as it is configured now; replaced as a whole by a reload.
 *
 * @param access whom a conversation is kept for while it waits
 * @param agents everyone of role agent or supervisor who serves at least one queue, by id, in the
 *     order given
 */
public record Workspace(
    String id,
    FrontdeskConfig.Workspace config,
    Terms terms,
    ConversationRules rules,
    Map<Agent.Id, Agent> agents,
    RoutingPolicy policy,
    Access access,
    RedisKeys keys) {
  /** A workspace where everybody may have everything at once. */
  public Workspace(
      String id,
      FrontdeskConfig.Workspace config,
      Terms terms,
      ConversationRules rules,
      Map<Agent.Id, Agent> agents,
      RoutingPolicy policy,
      RedisKeys keys) {
    this(id, config, terms, rules, agents, policy, Access.OPEN, keys);
  }

  public Workspace {
    agents = Collections.unmodifiableMap(new LinkedHashMap<>(agents));
  }
}
