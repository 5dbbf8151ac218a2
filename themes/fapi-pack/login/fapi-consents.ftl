<#-- What a signed-in customer agreed to. Names come from clients: see fapi-consent-text.ftl. -->
<#import "template.ftl" as layout>
<#import "fapi-consent-text.ftl" as text>
<#import "fapi-consents-parts.ftl" as parts>

<#macro pages section label>
    <#if section.pages gt 1>
        <nav class="fapi-consents__pages" aria-label="${label}">
            <#if section.previous?has_content><a class="fapi-consent__button" href="${section.previous}" rel="prev">${msg("fapiConsentsPrevious")}</a></#if>
            <span>${msg("fapiConsentsPage", section.page, section.pages)}</span>
            <#if section.next?has_content><a class="fapi-consent__button" href="${section.next}" rel="next">${msg("fapiConsentsNext")}</a></#if>
        </nav>
        <#if section.capped && section.page == section.pages>
            <p class="fapi-consent__notice">${msg("fapiConsentsCapped", section.most)}</p>
        </#if>
    </#if>
</#macro>

<#macro consents section inForce>
    <ul class="fapi-consents__list">
        <#list section.consents as consent>
            <li>
                <a class="fapi-consents__item" href="${consent.uri}">
                    <span class="fapi-consents__name"><bdi>${consent.name}</bdi></span>
                    <span class="fapi-consents__state fapi-consents__state--${consent.state}">${msg("fapiConsentsState." + consent.state)}</span>
                    <#if consent.amount?has_content>
                        <span class="fapi-consents__about"><#if consent.payee?has_content><@text.say msg("fapiConsentsPaid", text.FIRST, text.SECOND) consent.amount consent.payee /><#else><bdi>${consent.amount}</bdi></#if></span>
                    <#elseif consent.accounts?has_content>
                        <span class="fapi-consents__about"><#list consent.accounts as account><@parts.account account /><#sep> · </#sep></#list><#if consent.moreAccounts gt 0> ${msg("fapiConsentsMoreAccounts", consent.moreAccounts)}</#if></span>
                    </#if>
                    <span class="fapi-consents__when">
                        <#local since = msg("fapiConsentsTime", consent.since, consent.time)>
                        <#if !inForce>
                            <@text.say msg("fapiConsentsFromTo", text.FIRST, text.SECOND) since consent.changed />
                        <#elseif consent.end?has_content>
                            <@text.say msg("fapiConsentsSinceUntil", text.FIRST, text.SECOND) since consent.end />
                        <#else>
                            <@text.say msg("fapiConsentsSinceNoEnd", text.FIRST) since />
                        </#if>
                    </span>
                </a>
            </li>
        </#list>
    </ul>
</#macro>

<@layout.registrationLayout; section>
    <#if section = "header">
        ${msg("fapiConsentsTitle")}
    <#elseif section = "form">
        <link rel="stylesheet" href="${url.resourcesPath}/css/fapi-consent.css">
        <link rel="stylesheet" href="${url.resourcesPath}/css/fapi-consents.css">
        <div class="fapi-consent" id="fapi-consents">
            <p>${msg("fapiConsentsIntro")}</p>

            <section aria-labelledby="fapi-consents-in-force">
                <h2 class="fapi-consent__title" id="fapi-consents-in-force">${msg("fapiConsentsInForce")}</h2>
                <#if list.inForce.consents?has_content>
                    <@consents list.inForce true />
                    <@pages list.inForce msg("fapiConsentsInForce") />
                <#else>
                    <p class="fapi-consent__notice" id="fapi-consents-none">${msg("fapiConsentsNone")}</p>
                </#if>
            </section>

            <#if list.ended.consents?has_content>
                <section aria-labelledby="fapi-consents-ended">
                    <h2 class="fapi-consent__title" id="fapi-consents-ended">${msg("fapiConsentsEnded")}</h2>
                    <@consents list.ended false />
                    <@pages list.ended msg("fapiConsentsEnded") />
                </section>
            </#if>
        </div>
    </#if>
</@layout.registrationLayout>
