<#-- Why there is nothing to decide any more, and the way back to the app. -->
<#import "template.ftl" as layout>
<#import "fapi-consent-text.ftl" as text>
<#global auth = {}>
<@layout.registrationLayout displayMessage=false; section>
    <#if section = "header">
        ${msg("fapiConsentOverTitle")}
    <#elseif section = "form">
        <link rel="stylesheet" href="${url.resourcesPath}/css/fapi-consent.css">
        <div class="fapi-consent" id="fapi-consent-over">
            <p id="kc-error-message" role="alert">${msg(consent.over)}</p>
            <form class="fapi-consent__decision" action="${url.loginAction}" method="post">
                <button class="fapi-consent__button" type="submit" name="decision" value="leave"><@text.say msg("fapiConsentLeave", text.FIRST) consent.clientName /></button>
            </form>
        </div>
    </#if>
</@layout.registrationLayout>
