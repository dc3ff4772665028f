/// The waist: what a service is to those who carry calls to it, and what a call is to a service.
///
/// A service registers its methods with [Rpcs] under the generated descriptors; a facade finds an
/// [Rpc] there, opens a [Call] and hands it to the [Pipeline], which is the one place where every
/// call of every framing is authenticated, authorised, limited, validated, timed, metered and
/// logged. Neither side knows the other.
@NullMarked
package dev.heddle.rpc;

import org.jspecify.annotations.NullMarked;
