// SPDX-License-Identifier: Apache-2.0
/** Rules about the code itself: who may depend on whom, and what is really used. */
@NullMarked
package dev.frontdesk.gateway.architecture;

import org.jspecify.annotations.NullMarked;
