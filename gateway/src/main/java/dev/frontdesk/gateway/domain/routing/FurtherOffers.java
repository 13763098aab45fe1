// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.domain.routing;

import dev.frontdesk.gateway.domain.Agent;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * To whom else conversations are offered that are being offered to one agent: the next best who
 * have room when every conversation has got its first offer. Pure but for the seats it charges.
 */
public final class FurtherOffers {

  private FurtherOffers() {}

  /**
   * Further decisions: a second agent for each conversation in the order of the pass, then a third
   * …; none takes room that a first offer of the same pass needed.
   *
   * @param pass one decision per conversation; the room it kept is not taken either
   * @param seats as the pass left them; each further offer charges its agent there
   * @param offerTo agents per conversation, the first included
   * @param most further offers at most
   */
  public static List<RoutingPass.Decision> of(
      RoutingPass.Plan pass, SeatIndex seats, int offerTo, int most, Instant now) {
    if (offerTo < 2) {
      return List.of();
    }
    List<RoutingPass.Decision> further = new ArrayList<>();
    List<RoutingPass.Decision> round = pass.decisions();
    for (int offers = 1; offers < offerTo && !round.isEmpty(); offers++) {
      List<RoutingPass.Decision> next = new ArrayList<>(round.size());
      for (RoutingPass.Decision decision : round) {
        Waiting others = without(decision, pass.keeper());
        AgentSeat seat = further.size() < most ? seats.charge(others, now) : null;
        if (seat != null) {
          RoutingPass.Decision more =
              new RoutingPass.Decision(
                  others,
                  seat,
                  decision.rule(),
                  decision.candidates(),
                  decision.slack(),
                  decision.step(),
                  decision.among());
          next.add(more);
          further.add(more);
        }
      }
      round = next;
    }
    return further;
  }

  /** The same conversation, not for the agents it is being offered to, nor for who keeps room. */
  private static Waiting without(RoutingPass.Decision decision, Agent.@Nullable Id keeper) {
    Map<Agent.Id, Instant> taken = new HashMap<>(decision.waiting().declined());
    taken.put(decision.seat().id(), Waiting.WHILE_OFFERED);
    if (keeper != null) {
      taken.put(keeper, Waiting.WHILE_OFFERED);
    }
    return decision.waiting().declinedBy(taken);
  }
}
