// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.event;

import dev.frontdesk.gateway.domain.Conversation;

/** The events of one conversation for one endpoint: what is sent in order. */
record Place(String endpoint, Conversation.Id conversation) {

  /** Reads {@link #member()}. */
  static Place parse(String member) {
    int space = member.indexOf(' ');
    return new Place(member.substring(0, space), new Conversation.Id(member.substring(space + 1)));
  }

  /** As it stands in the sorted set of places. */
  String member() {
    return endpoint + " " + conversation;
  }
}
