// SPDX-License-Identifier: Apache-2.0
/** From a platform's call to stored events: verify, decode, hand over, answer. */
@NullMarked
package dev.frontdesk.gateway.intake;

import org.jspecify.annotations.NullMarked;
