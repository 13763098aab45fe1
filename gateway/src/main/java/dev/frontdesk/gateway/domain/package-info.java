// SPDX-License-Identifier: Apache-2.0
/**
 * Every decision about conversations, promises and routing, as pure functions of values and time.
 */
@NullMarked
package dev.frontdesk.gateway.domain;

import org.jspecify.annotations.NullMarked;
