"""Days in words: why one is worked or not, and the festivals of the whole country."""

from __future__ import annotations

from django.utils.translation import gettext_lazy

from yangguang.kernel.clock.vocabulary import Why

#: why a day was counted or not
WHY = {
    Why.WORKDAY: gettext_lazy("工作日"),
    Why.MADE_UP_WORKDAY: gettext_lazy("调休上班"),
    Why.WEEKEND: gettext_lazy("周末"),
    Why.STATUTORY_HOLIDAY: gettext_lazy("法定节假日"),
    Why.IN_LIEU: gettext_lazy("补假"),
    Why.HOLIDAY_SWAP: gettext_lazy("放假调休"),
    Why.EXTENDED_HOLIDAY: gettext_lazy("假期延长"),
    Why.SPECIAL_HOLIDAY: gettext_lazy("专门放假"),
    Why.LOCAL_FESTIVAL: gettext_lazy("地方节日"),
    Why.PAUSED: gettext_lazy("中止，不计入"),
}
#: festivals of the whole country in the reader's language; others are printed as their notice names them
FESTIVALS = {
    "元旦": gettext_lazy("元旦"),
    "春节": gettext_lazy("春节"),
    "农历除夕": gettext_lazy("农历除夕"),
    "清明节": gettext_lazy("清明节"),
    "劳动节": gettext_lazy("劳动节"),
    "端午节": gettext_lazy("端午节"),
    "中秋节": gettext_lazy("中秋节"),
    "国庆节": gettext_lazy("国庆节"),
    "国庆节、中秋节": gettext_lazy("国庆节、中秋节"),
}

#: the same by what an explanation of a clock carries: a reason's code or a festival's name
WORDS = {why.value: words for why, words in WHY.items()} | FESTIVALS
