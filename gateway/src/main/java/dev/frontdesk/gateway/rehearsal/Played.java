// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.rehearsal;

import java.util.Map;

/**
 * What a rehearsal came to.
 *
 * @param answers of the gateway, by HTTP status
 * @param replies that reached the stand-ins of platforms
 */
record Played(int rounds, Map<Integer, Integer> answers, long replies) {}
