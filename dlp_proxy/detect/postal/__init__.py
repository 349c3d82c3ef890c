"""How postal addresses are written outside China: facts by country, and the grammar that `std/address` is made of."""
