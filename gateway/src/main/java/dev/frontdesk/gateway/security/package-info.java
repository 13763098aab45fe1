// SPDX-License-Identifier: Apache-2.0
/** Who is calling: tokens, roles, and what each may do. */
@NullMarked
package dev.frontdesk.gateway.security;

import org.jspecify.annotations.NullMarked;
