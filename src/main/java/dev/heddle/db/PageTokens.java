package dev.heddle.db;

import dev.heddle.rpc.RpcException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// The `page_token` of List methods (AIP-158): the place of the last row, signed so that nobody can
/// make one up, and bound to the parameters that it was made for.
///
/// A token is 8 bytes of a digest of the parameters, the place, and 16 bytes of their HMAC-SHA256,
/// in URL-safe base64. It holds values of the last row in the clear: values that its holder has
/// seen in that row.
public final class PageTokens {
    private static final int MIN_KEY_LENGTH = 32;
    private static final int DIGEST_LENGTH = 8;
    private static final int SIGNATURE_LENGTH = 16;
    private static final int MAX_LENGTH = 16_384;
    private static final String ALGORITHM = "HmacSHA256";

    private final SecretKeySpec key;

    /// Makes and reads tokens.
    ///
    /// @param key a secret that replicas share; at least 32 bytes
    public PageTokens(byte[] key) {
        if (key.length < MIN_KEY_LENGTH) {
            throw new IllegalArgumentException(
                    "page token key: %d bytes (expected: >= %d)"
                            .formatted(key.length, MIN_KEY_LENGTH));
        }
        this.key = new SecretKeySpec(key, ALGORITHM);
    }

    /// The token of a place.
    ///
    /// @param parameters all that must be the same when the token is used: the method, its filter
    ///   and its order
    /// @param position the place of the last row
    public String encode(List<String> parameters, List<String> position) {
        var bytes = new ByteArrayOutputStream();
        bytes.writeBytes(digest(parameters));
        bytes.writeBytes(serialize(position));
        bytes.writeBytes(sign(bytes.toByteArray()));
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes.toByteArray());
    }

    /// The place that a token names.
    ///
    /// @throws RpcException INVALID_ARGUMENT for a token that was not made here, or for other
    ///   parameters
    public List<String> decode(String token, List<String> parameters) {
        var bytes = bytes(token);
        var signed = bytes.length - SIGNATURE_LENGTH;
        if (signed < DIGEST_LENGTH) {
            throw invalid();
        }
        var content = Arrays.copyOf(bytes, signed);
        var signature = Arrays.copyOfRange(bytes, signed, bytes.length);
        if (!MessageDigest.isEqual(signature, sign(content))) {
            throw invalid();
        }
        if (!Arrays.equals(Arrays.copyOf(content, DIGEST_LENGTH), digest(parameters))) {
            throw RpcException.invalidField(
                    "page_token",
                    "made for other parameters (expected: all but page_size as they were)");
        }
        return deserialize(Arrays.copyOfRange(content, DIGEST_LENGTH, signed));
    }

    private static byte[] bytes(String token) {
        if (token.length() > MAX_LENGTH) {
            throw invalid();
        }
        try {
            return Base64.getUrlDecoder().decode(token);
        } catch (IllegalArgumentException _) {
            throw invalid();
        }
    }

    private static RpcException invalid() {
        return RpcException.invalidField(
                "page_token", "not a token (expected: the next_page_token of the page before)");
    }

    private byte[] sign(byte[] content) {
        try {
            var mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            return Arrays.copyOf(mac.doFinal(content), SIGNATURE_LENGTH);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has " + ALGORITHM, e);
        }
    }

    private static byte[] digest(List<String> parameters) {
        return Arrays.copyOf(Digests.sha256(serialize(parameters)), DIGEST_LENGTH);
    }

    private static byte[] serialize(List<String> values) {
        var bytes = new ByteArrayOutputStream();
        try (var out = new DataOutputStream(bytes)) {
            out.writeShort(values.size());
            for (var value : values) {
                var utf8 = value.getBytes(StandardCharsets.UTF_8);
                out.writeInt(utf8.length);
                out.write(utf8);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("an array takes every byte", e);
        }
        return bytes.toByteArray();
    }

    private static List<String> deserialize(byte[] bytes) {
        try (var in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            var values = new ArrayList<String>();
            for (var left = in.readUnsignedShort(); left > 0; left--) {
                values.add(new String(in.readNBytes(in.readInt()), StandardCharsets.UTF_8));
            }
            return values;
        } catch (IOException e) {
            throw new UncheckedIOException("a signed token is whole", e);
        }
    }
}
