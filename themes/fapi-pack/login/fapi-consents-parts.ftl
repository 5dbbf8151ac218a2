<#-- Parts of the pages about one consent. -->
<#import "fapi-consent-text.ftl" as text>

<#-- Whom it is for, besides the name in the heading. -->
<#macro who consent>
    <#if consent.actsFor?has_content || (consent.legalName?has_content && consent.legalName != consent.name)>
        <div>
            <#if consent.actsFor?has_content>
                <p class="fapi-consents__for"><@text.say text.or("fapiConsentActsFor." + consent.type, msg("fapiConsentsActsFor", text.FIRST, text.SECOND)) consent.name consent.actsFor /></p>
            </#if>
            <#if consent.legalName?has_content && consent.legalName != consent.name>
                <p class="fapi-consent__legal"><bdi>${consent.legalName}</bdi></p>
            </#if>
        </div>
    </#if>
</#macro>

<#-- One account. -->
<#macro account shown><#if shown.name?has_content><bdi>${shown.name}</bdi> </#if><#if shown.number?has_content><bdi class="fapi-consents__number" dir="ltr">${shown.number}</bdi></#if></#macro>

<#-- What it allows, in plain words. -->
<#macro what consent>
    <#if consent.groups?has_content>
        <section aria-labelledby="fapi-consents-what">
            <h2 class="fapi-consent__title" id="fapi-consents-what">${msg(consent.payment?then("fapiConsentsWhatPayment", "fapiConsentsWhat"))}</h2>
            <#list consent.groups as group>
                <details class="fapi-consent__group"<#if consent.groups?size lte 2> open</#if>>
                    <summary><h3>${text.or("fapiConsent." + consent.type + "." + group.name, group.name)}</h3></summary>
                    <ul>
                        <#list group.permissions as permission>
                            <li>${text.or("fapiConsent." + consent.type + "." + permission, permission)}</li>
                        </#list>
                    </ul>
                </details>
            </#list>
        </section>
    </#if>
</#macro>
