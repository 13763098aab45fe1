// SPDX-License-Identifier: Apache-2.0
/** The one way to what is durable: keys, guards, writes, and the port that commits them. */
@NullMarked
package dev.frontdesk.gateway.store;

import org.jspecify.annotations.NullMarked;
