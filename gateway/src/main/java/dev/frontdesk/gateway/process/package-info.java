// SPDX-License-Identifier: Apache-2.0
/** Processes that the gateway or its demonstration starts. */
@NullMarked
package dev.frontdesk.gateway.process;

import org.jspecify.annotations.NullMarked;
