// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.chat;

import dev.frontdesk.connector.ContactRef;
import java.util.Map;

/**
 * Who is on a socket.
 *
 * @param session the id of the browser's session, part of every event key
 * @param contact the session, or the customer the site's server named
 * @param context what the visitor said of itself that sending may need
 */
record Visitor(String session, ContactRef contact, Map<String, String> context) {
  Visitor {
    context = Map.copyOf(context);
  }
}
