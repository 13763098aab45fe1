// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.store;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a load found.
 *
 * @param at store time
 * @param pointer the conversation the contact's pointer names, or null (also when loaded by id)
 * @param version version of the conversation, 0 when there is none
 * @param state its encoded state, or null
 * @param known per requested digest: {@code "ID seq"}, or null when the key is new
 * @param parked per requested target: its waiting events, encoded, in order of arrival
 * @param link the customer the contact is linked to, encoded, or null (also when not asked for)
 * @param lookup what a lookup said about the contact, encoded, or null when it is to be asked
 */
public record Loaded(
    Instant at,
    @Nullable String pointer,
    long version,
    @Nullable String state,
    List<@Nullable String> known,
    List<List<String>> parked,
    @Nullable String link,
    @Nullable String lookup) {}
