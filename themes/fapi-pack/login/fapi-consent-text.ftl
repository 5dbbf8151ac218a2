<#--
  Texts with names in them. Names come from the client or the bank's systems: they are escaped, wrapped in <bdi> so that they turn no other
  text around, and never handed to msg(), which would resolve what looks like a variable in them. A message gets marks in their place.
-->
<#assign FIRST = "\xE000">
<#assign SECOND = "\xE001">

<#-- A message, or what is said instead where there is none. Keys may be made of data: a message's format does not bear every character. -->
<#function or key other>
    <#if !key?matches("[A-Za-z0-9._:-]+")>
        <#return other>
    </#if>
    <#local found = msg(key, FIRST, SECOND)>
    <#return (found == key)?then(other, found)>
</#function>

<#-- The message for one type of consent, or the one for all. -->
<#function of type key>
    <#return or(key + "." + type, or(key, key))>
</#function>

<#-- A message with names in the place of the marks. -->
<#macro say message first="" second="">
    <#list message?split(FIRST) as part><#if part?index gt 0><bdi>${first}</bdi></#if><#list part?split(SECOND) as rest><#if rest?index gt 0><bdi>${second}</bdi></#if>${rest}</#list></#list><#t>
</#macro>
