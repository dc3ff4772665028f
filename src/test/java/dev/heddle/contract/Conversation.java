package dev.heddle.contract;

import java.io.IOException;

/// A client of one call that says and hears something whenever it likes.
interface Conversation extends AutoCloseable {
    /// Sends a request, an `EchoRequest` with this message.
    void say(String message) throws IOException;

    /// Says that this was the last.
    void endRequests() throws IOException;

    /// Waits until the content of the answer, as a text of one character a byte, holds something.
    ///
    /// @throws IOException if the answer ends before
    String hear(String awaited) throws IOException;

    /// Waits for the end of the answer.
    ///
    /// @return all of its content
    String hearOut() throws IOException;

    @Override
    void close() throws IOException;
}
