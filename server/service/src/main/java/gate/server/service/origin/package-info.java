// SPDX-License-Identifier: Apache-2.0
/// The connections of whoever called a program: reference 6.4.
///
/// Read first: [Origin], the service of one program, where connections come in; [OriginConnection], one of
/// them; and `OriginStream`, what it is for the program: two halves with a flow control each.
///
/// All streams of a program share one lock, under which nothing is sent, read or written. A connection has
/// two virtual threads, one for each direction, so that a slow client stops its own stream alone; the
/// session's thread never waits here.
@NullMarked
package gate.server.service.origin;

import org.jspecify.annotations.NullMarked;
