package dev.carillon.server.quota;

class LocalQuotaTest extends QuotaContract {
  @Override
  Quota quota() {
    return new LocalQuota();
  }
}
