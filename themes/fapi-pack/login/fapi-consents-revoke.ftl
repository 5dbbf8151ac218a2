<#-- Asks a signed-in customer whether to withdraw a consent. -->
<#import "template.ftl" as layout>
<#import "fapi-consent-text.ftl" as text>
<#import "fapi-consents-parts.ftl" as parts>

<@layout.registrationLayout; section>
    <#if section = "header">
        ${msg("fapiConsentsRevokeTitle")}
    <#elseif section = "form">
        <link rel="stylesheet" href="${url.resourcesPath}/css/fapi-consent.css">
        <link rel="stylesheet" href="${url.resourcesPath}/css/fapi-consents.css">
        <div class="fapi-consent" id="fapi-consents-confirm">
            <div>
                <p class="fapi-consent__name"><bdi>${consent.name}</bdi></p>
                <@parts.who consent />
            </div>
            <p>${msg(consent.payment?then("fapiConsentsRevokeEffectPayment", "fapiConsentsRevokeEffect"))}</p>
            <@parts.what consent />
            <form class="fapi-consents__decision" id="fapi-consents-form" action="${consent.revokeUri}" method="post" autocomplete="off">
                <input type="hidden" name="token" value="${token}">
                <button class="fapi-consent__button fapi-consents__withdraw" type="submit" id="fapi-consents-yes">${msg("fapiConsentsRevokeYes")}</button>
                <a class="fapi-consent__button" id="fapi-consents-no" href="${consent.uri}">${msg("fapiConsentsRevokeNo")}</a>
            </form>
        </div>
    </#if>
</@layout.registrationLayout>
