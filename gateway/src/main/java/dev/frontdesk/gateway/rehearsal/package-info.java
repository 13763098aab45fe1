// SPDX-License-Identifier: Apache-2.0
/** What a gateway plays to itself before it is ready, so that nobody meets it cold. */
@NullMarked
package dev.frontdesk.gateway.rehearsal;

import org.jspecify.annotations.NullMarked;
