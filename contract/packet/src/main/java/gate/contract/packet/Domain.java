// SPDX-License-Identifier: Apache-2.0
package gate.contract.packet;

/// What a packet is about: reference 1.3, byte 6 of the header.
public enum Domain {
    /// A request, or the reply to one.
    CALL(0),
    /// A message that nobody replies to.
    INFO(1),
    /// How much more of streams may be sent.
    FLOW(2),
    /// A piece of a stream.
    DATA(3);

    private static final Domain[] ALL = {CALL, INFO, FLOW, DATA};

    private final int number;

    Domain(int number) {
        this.number = number;
    }

    public int number() {
        return number;
    }

    /// @throws PacketViolation where there is no such domain
    public static Domain of(int number) {
        if (number < 0 || number >= ALL.length) {
            throw new PacketViolation("invalid domain in packet: " + number);
        }
        return ALL[number];
    }
}
