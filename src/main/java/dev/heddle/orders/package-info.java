/// What people buy: `heddle.orders.v1.OrderService`.
///
/// Begin with [OrderService]; all SQL is in `OrderStore` and `LedgerStore`. What an order is for is
/// taken from [dev.heddle.catalog.Stock], within the transaction that places it. What moves money
/// is behind [Payments], which a gateway has as its own [Ledger] until it has another, and the way
/// there and back in safety is in `Settlement`.
@NullMarked
package dev.heddle.orders;

import org.jspecify.annotations.NullMarked;
