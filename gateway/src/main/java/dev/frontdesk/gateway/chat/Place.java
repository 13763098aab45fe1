// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.chat;

import dev.frontdesk.connector.webchat.VisitorPasses;
import dev.frontdesk.gateway.conversation.Workspace;
import java.util.function.Supplier;

/**
 * Where a socket is connected to.
 *
 * @param id of the workspace
 * @param workspace as it is configured now
 * @param channel id of the webchat channel
 */
record Place(String id, Supplier<Workspace> workspace, String channel, VisitorPasses passes) {}
