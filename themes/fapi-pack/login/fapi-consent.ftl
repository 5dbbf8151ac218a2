<#-- What a customer is asked, and the form to answer it. -->
<#import "template.ftl" as layout>
<#import "fapi-consent-text.ftl" as text>

<#function say key><#return text.of(consent.type, key)></#function>

<#macro link uri key>
    <#if uri?starts_with("https://")>
        <li>
            <a class="fapi-consent__link" href="${uri}" target="_blank" rel="noopener noreferrer"><@text.say msg(key, text.FIRST) consent.clientName /><span class="fapi-consent__hidden"> ${msg("fapiConsentNewWindow")}</span></a>
        </li>
    </#if>
</#macro>

<#macro permissions group>
    <ul>
        <#list group.permissions as permission>
            <li>${text.or("fapiConsent." + consent.type + "." + permission, permission)}</li>
        </#list>
    </ul>
</#macro>

<#-- The layout would say who is signed in with a field that has no label and a button that needs a script; see below. -->
<#assign username = (auth.attemptedUsername)!"">
<#global auth = {}>
<#assign client = consent.clientName>
<#assign error = consent.error?has_content>
<#assign choosing = consent.accountChoice != "none" && !consent.noAccounts>
<#assign paged = choosing && (consent.accountPages gt 1 || consent.query?has_content)>
<#-- The next page of accounts starts where the last one stood. -->
<#assign here = url.loginAction + "#fapi-consent-accounts">
<#assign permissionCount = 0>
<#list consent.groups as group><#assign permissionCount += group.permissions?size></#list>
<#assign fields = {}>
<#list consent.fields as field><#assign fields += {field.key: field.value}></#list>
<#assign amount = consent.amount!((fields.amount!"") + " " + (fields.currency!""))?trim>

<@layout.registrationLayout displayMessage=false; section>
    <#if section = "header">
        <@text.say say(consent.payment?then("fapiConsentTitlePayment", "fapiConsentTitle")) client />
    <#elseif section = "form">
        <link rel="stylesheet" href="${url.resourcesPath}/css/fapi-consent.css">
        <script type="module" src="${url.resourcesPath}/js/fapi-consent.js"></script>
        <div class="fapi-consent" id="fapi-consent">
            <#if error>
                <div class="fapi-consent__error" id="fapi-consent-error" role="alert" tabindex="-1" autofocus>
                    <p>${msg(consent.error)}</p>
                </div>
            </#if>

            <#if username?has_content>
                <p class="fapi-consent__customer" id="fapi-consent-customer"><@text.say msg("fapiConsentSignedIn", text.FIRST) username /> <a class="fapi-consent__link" href="${url.loginRestartFlowUrl}">${msg("fapiConsentNotYou")}</a></p>
            </#if>
            <div class="fapi-consent__asker" id="fapi-consent-asker">
                <#if consent.logoUri?starts_with("https://")>
                    <img class="fapi-consent__logo" src="${consent.logoUri}" alt="" width="56" height="56" referrerpolicy="no-referrer">
                </#if>
                <div>
                    <p class="fapi-consent__name">
                        <#if consent.actsFor?has_content>
                            <@text.say say("fapiConsentActsFor") client consent.actsFor />
                        <#else>
                            <bdi>${client}</bdi>
                        </#if>
                    </p>
                    <#if consent.legalName?has_content && consent.legalName != client>
                        <p class="fapi-consent__legal"><bdi>${consent.legalName}</bdi></p>
                    </#if>
                </div>
            </div>
            <p><@text.say say(consent.payment?then("fapiConsentLeadPayment", "fapiConsentLead")) client /></p>
            <#if consent.again!false>
                <p id="fapi-consent-again"><@text.say say("fapiConsentAgain") client /></p>
            </#if>

            <#if consent.payment && amount?has_content>
                <p class="fapi-consent__amount" id="fapi-consent-amount"><span class="fapi-consent__hidden">${msg("fapiConsentField.amount")}: </span><bdi>${amount}</bdi></p>
            </#if>
            <#assign details = consent.fields?filter(field -> !(consent.payment && (field.key == "amount" || field.key == "currency")))>
            <#if details?has_content>
                <dl class="fapi-consent__fields" id="fapi-consent-fields">
                    <#list details as field>
                        <div>
                            <dt>${say("fapiConsentField." + field.key)}</dt>
                            <dd><bdi>${field.value}</bdi></dd>
                        </div>
                    </#list>
                </dl>
            </#if>

            <#if consent.groups?has_content>
                <section aria-labelledby="fapi-consent-what">
                    <h2 class="fapi-consent__title" id="fapi-consent-what"><@text.say say(consent.payment?then("fapiConsentWhatPayment", "fapiConsentWhat")) client /></h2>
                    <#list consent.groups as group>
                        <#if consent.payment>
                            <@permissions group />
                        <#else>
                            <#-- Few are read at once; of many, the groups are. -->
                            <details class="fapi-consent__group"<#if permissionCount lte 10> open</#if>>
                                <summary><h3>${text.or("fapiConsent." + consent.type + "." + group.name, group.name)}</h3></summary>
                                <@permissions group />
                            </details>
                        </#if>
                    </#list>
                    <#assign limits = text.or("fapiConsentLimits." + consent.type, "")>
                    <#if limits?has_content>
                        <p><@text.say limits client /></p>
                    </#if>
                </section>
            </#if>

            <form class="fapi-consent__form" id="fapi-consent-form" action="${url.loginAction}" method="post" autocomplete="off"<#if error> aria-describedby="fapi-consent-error"</#if>>
                <input type="hidden" name="version" value="${consent.version}">
                <#-- The first button is what the Enter key in a field presses: the search, or this one, which only shows the page again. -->
                <#if !paged>
                    <button type="submit" name="decision" value="page" hidden></button>
                </#if>

                <#if consent.noAccounts>
                    <p class="fapi-consent__notice" id="fapi-consent-no-accounts">${msg("fapiConsentNoAccounts")}</p>
                <#elseif choosing>
                    <fieldset class="fapi-consent__accounts" id="fapi-consent-accounts"<#if error> aria-describedby="fapi-consent-error"</#if>>
                        <legend>
                            <h2 class="fapi-consent__title"><@text.say say(consent.payment?then("fapiConsentAccountToPay", (consent.accountChoice == "one")?then("fapiConsentAccount", "fapiConsentAccounts"))) client /></h2>
                        </legend>
                        <#if paged>
                            <div class="fapi-consent__search" role="search">
                                <label for="fapi-consent-search">${msg("fapiConsentSearch", consent.accountTotal)}</label>
                                <div>
                                    <input type="search" id="fapi-consent-search" name="search" value="${consent.query}" maxlength="100" dir="auto">
                                    <button class="fapi-consent__button" type="submit" name="decision" value="page" formaction="${here}" id="fapi-consent-do-search">${msg("fapiConsentDoSearch")}</button>
                                </div>
                            </div>
                            <#if !consent.accounts?has_content>
                                <p class="fapi-consent__notice" id="fapi-consent-no-match" role="status">${msg("fapiConsentNoMatch")}</p>
                            </#if>
                        </#if>
                        <#if consent.accounts?has_content>
                            <ul class="fapi-consent__list">
                                <#list consent.accounts as account>
                                    <li>
                                        <input type="hidden" name="shown" value="${account.id}">
                                        <label class="fapi-consent__account">
                                            <input type="${(consent.accountChoice == "one")?then("radio", "checkbox")}" name="account" value="${account.id}"<#if account.chosen> checked</#if>>
                                            <span>
                                                <span class="fapi-consent__account-name"><bdi>${account.name}</bdi></span>
                                                <#if account.number?has_content><span class="fapi-consent__number"><bdi dir="ltr">${account.number}</bdi></span></#if>
                                            </span>
                                        </label>
                                    </li>
                                </#list>
                            </ul>
                        </#if>
                        <#assign elsewhere = consent.accountsChosen - consent.accounts?filter(account -> account.chosen)?size>
                        <#if elsewhere gt 0>
                            <p id="fapi-consent-elsewhere">${msg("fapiConsentElsewhere", elsewhere)}</p>
                        </#if>
                        <#if consent.accountPages gt 1>
                            <div class="fapi-consent__pages" role="group" aria-label="${msg("fapiConsentPages")}">
                                <button class="fapi-consent__button" type="submit" name="go" value="${(consent.accountPage - 1)?c}" formaction="${here}" id="fapi-consent-previous"<#if consent.accountPage lte 1> disabled</#if>>${msg("fapiConsentPrevious")}</button>
                                <p id="fapi-consent-page">${msg("fapiConsentPage", consent.accountPage, consent.accountPages)}</p>
                                <button class="fapi-consent__button" type="submit" name="go" value="${(consent.accountPage + 1)?c}" formaction="${here}" id="fapi-consent-next"<#if consent.accountPage gte consent.accountPages> disabled</#if>>${msg("fapiConsentNext")}</button>
                            </div>
                        </#if>
                    </fieldset>
                </#if>

                <#if !consent.payment>
                    <section aria-labelledby="fapi-consent-how-long">
                        <h2 class="fapi-consent__title" id="fapi-consent-how-long">${msg("fapiConsentHowLong")}</h2>
                        <p class="fapi-consent__end" id="fapi-consent-end"><#if consent.end?has_content><@text.say msg("fapiConsentUntil", text.FIRST) consent.end /><#else>${msg("fapiConsentNoEnd")}</#if></p>
                        <p><@text.say say("fapiConsentHowOften") client /></p>
                        <p id="fapi-consent-revoke"><@text.say say("fapiConsentRevoke") client /></p>
                    </section>
                </#if>

                <div class="fapi-consent__decision">
                    <#if !consent.noAccounts>
                        <button class="fapi-consent__button" type="submit" name="decision" value="approve" id="fapi-consent-approve">
                            <#if !consent.payment>
                                ${say("fapiConsentApprove")}
                            <#elseif amount?has_content>
                                <@text.say msg("fapiConsentPay", text.FIRST) amount />
                            <#else>
                                ${msg("fapiConsentPayWithoutAmount")}
                            </#if>
                        </button>
                    </#if>
                    <button class="fapi-consent__button" type="submit" name="decision" value="refuse" id="fapi-consent-refuse">${say(consent.payment?then("fapiConsentDoNotPay", "fapiConsentRefuse"))}</button>
                </div>
                <p class="fapi-consent__back"><@text.say msg("fapiConsentBack", text.FIRST) client /></p>
            </form>

            <#if consent.policyUri?has_content || consent.tosUri?has_content>
                <ul class="fapi-consent__links">
                    <@link consent.policyUri "fapiConsentPolicy" />
                    <@link consent.tosUri "fapiConsentTerms" />
                </ul>
            </#if>
        </div>
    </#if>
</@layout.registrationLayout>
