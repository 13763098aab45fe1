// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.conversation;

import dev.frontdesk.config.FrontdeskConfig;
import dev.frontdesk.gateway.domain.Agent;
import dev.frontdesk.gateway.domain.ConversationRules;
import dev.frontdesk.gateway.domain.Terms;
import dev.frontdesk.gateway.domain.routing.RoutingPolicy;
import dev.frontdesk.gateway.store.RedisKeys;
import java.util.Map;

/**
 * One workspace as it is configured now; replaced as a whole by a reload.
 *
 * @param agents everyone of role agent or supervisor who serves at least one queue, by id
 */
public record Workspace(
    String id,
    FrontdeskConfig.Workspace config,
    Terms terms,
    ConversationRules rules,
    Map<Agent.Id, Agent> agents,
    RoutingPolicy policy,
    RedisKeys keys) {
  public Workspace {
    agents = Map.copyOf(agents);
  }
}
