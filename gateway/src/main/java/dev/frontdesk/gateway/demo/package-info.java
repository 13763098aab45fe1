// SPDX-License-Identifier: Apache-2.0
/** The demonstration: people and platforms played against a gateway, over public sockets only. */
@NullMarked
package dev.frontdesk.gateway.demo;

import org.jspecify.annotations.NullMarked;
