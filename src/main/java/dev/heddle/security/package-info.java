/// Who a caller is, by tokens, certificates and what the gateway gives out itself; and the secrets
/// of a data folder.
///
/// Begin with [CallerAuthenticator], which asks one after the other: [TokenVerifier] for JSON Web
/// Tokens, with the keys of [RemoteKeys] or of the [DevelopmentIssuer], and [CertificateCallers].
/// [Revocations] holds what was taken back.
@NullMarked
package dev.heddle.security;

import org.jspecify.annotations.NullMarked;
