/// WebSockets (RFC 6455) on an [Exchange][dev.heddle.http.Exchange] that turns into a tunnel, with
/// permessage-deflate (RFC 7692): what is framed, checked, bounded and timed is here, what the
/// messages mean is not.
///
/// [Handshake][dev.heddle.http.websocket.Handshake] checks the request and accepts it as a
/// [WebSocket][dev.heddle.http.websocket.WebSocket], which one thread receives from and any thread
/// sends to. Nothing is queued: who receives slowly slows the peer, who sends waits for it. Within,
/// `FrameReader` reads frames, `MessageAssembly` makes messages of them and `FrameWriter` writes
/// them.
@NullMarked
package dev.heddle.http.websocket;

import org.jspecify.annotations.NullMarked;
