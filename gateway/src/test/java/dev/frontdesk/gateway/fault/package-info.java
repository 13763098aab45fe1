// SPDX-License-Identifier: Apache-2.0
/** What goes wrong, row by row of the fault catalogue, at whole gateways over public sockets. */
@NullMarked
package dev.frontdesk.gateway.fault;

import org.jspecify.annotations.NullMarked;
