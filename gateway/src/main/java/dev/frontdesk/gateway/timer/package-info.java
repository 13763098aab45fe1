// SPDX-License-Identifier: Apache-2.0
/** Every deadline of every kind: claimed from Redis when due, taking effect once. */
@NullMarked
package dev.frontdesk.gateway.timer;

import org.jspecify.annotations.NullMarked;
