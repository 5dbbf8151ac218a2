<#-- One consent of a signed-in customer, and its history. -->
<#import "template.ftl" as layout>
<#import "fapi-consent-text.ftl" as text>
<#import "fapi-consents-parts.ftl" as parts>

<@layout.registrationLayout; section>
    <#if section = "header">
        <bdi>${consent.name}</bdi>
    <#elseif section = "form">
        <link rel="stylesheet" href="${url.resourcesPath}/css/fapi-consent.css">
        <link rel="stylesheet" href="${url.resourcesPath}/css/fapi-consents.css">
        <div class="fapi-consent" id="fapi-consents-details">
            <@parts.who consent />

            <dl class="fapi-consent__fields" id="fapi-consents-facts">
                <div>
                    <dt>${msg("fapiConsentsStatus")}</dt>
                    <dd><span class="fapi-consents__state fapi-consents__state--${consent.state}" id="fapi-consents-state">${msg("fapiConsentsState." + consent.state)}</span></dd>
                </div>
                <div>
                    <dt>${msg("fapiConsentsSince")}</dt>
                    <dd>${consent.since}</dd>
                </div>
                <#if ["rejected", "revoked", "expired", "consumed"]?seq_contains(consent.state)>
                    <div>
                        <dt>${msg("fapiConsentsEndedOn")}</dt>
                        <dd>${consent.changed}</dd>
                    </div>
                <#else>
                    <div>
                        <dt>${msg("fapiConsentsUntil")}</dt>
                        <dd><#if consent.end?has_content>${consent.end}<#else>${msg("fapiConsentsNoEnd")}</#if></dd>
                    </div>
                </#if>
                <#list consent.fields as field>
                    <#assign label = text.or("fapiConsentField." + field.key, "")>
                    <#if label?has_content>
                        <div>
                            <dt>${label}</dt>
                            <dd><bdi>${field.value}</bdi></dd>
                        </div>
                    </#if>
                </#list>
                <#if consent.accounts?has_content>
                    <div>
                        <dt>${msg("fapiConsentsAccounts")}</dt>
                        <dd>
                            <ul class="fapi-consents__accounts" id="fapi-consents-accounts">
                                <#list consent.accounts as account>
                                    <li><@parts.account account /></li>
                                </#list>
                                <#if consent.moreAccounts gt 0>
                                    <li>${msg("fapiConsentsMoreAccounts", consent.moreAccounts)}</li>
                                </#if>
                            </ul>
                        </dd>
                    </div>
                </#if>
            </dl>

            <@parts.what consent />

            <#if consent.revocable>
                <p class="fapi-consents__action"><a class="fapi-consent__button fapi-consents__withdraw" id="fapi-consents-revoke" href="${consent.revokeUri}">${msg("fapiConsentsRevoke")}</a></p>
            </#if>

            <#if consent.renewable>
                <section aria-labelledby="fapi-consents-renew">
                    <h2 class="fapi-consent__title" id="fapi-consents-renew">${msg("fapiConsentsRenewTitle")}</h2>
                    <p><@text.say msg("fapiConsentsRenew", text.FIRST) consent.name /></p>
                </section>
            </#if>

            <section aria-labelledby="fapi-consents-history">
                <h2 class="fapi-consent__title" id="fapi-consents-history">${msg("fapiConsentsHistory")}</h2>
                <ol class="fapi-consents__history">
                    <#list consent.changes?reverse as change>
                        <li>
                            <span class="fapi-consents__what">${msg("fapiConsentsChange." + change.state)}</span>
                            <span class="fapi-consents__by">${msg("fapiConsentsActor." + change.actor)}</span>
                            <span class="fapi-consents__when">${msg("fapiConsentsTime", change.day, change.time)}</span>
                        </li>
                    </#list>
                </ol>
            </section>

            <p><a class="fapi-consent__link" id="fapi-consents-back" href="${consent.listUri}">${msg("fapiConsentsBack")}</a></p>
        </div>
    </#if>
</@layout.registrationLayout>
