// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.load.generator;

import dev.frontdesk.connector.sandbox.InboundSample;

/**
 * A platform's call with one message.
 *
 * @param path of the channel's webhook
 * @param sample the call, signed
 * @param stored the message's {@code externalId} once it is stored
 */
record Call(String path, InboundSample sample, String stored) {}
