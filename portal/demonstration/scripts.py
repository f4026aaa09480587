"""Names of the region in the scripts their bearers write them in; agreements must be able to print them."""

from __future__ import annotations


def _pairs(text: str) -> dict[str, str]:
    return {latin: native for latin, _, native in (entry.strip().partition(" ") for entry in text.split(";"))}


SCRIPTS: dict[str, dict[str, str]] = {
    "punjabi": _pairs(
        "Gurpreet ਗੁਰਪ੍ਰੀਤ; Harjit ਹਰਜੀਤ; Simran ਸਿਮਰਨ; Jasleen ਜਸਲੀਨ; Manpreet ਮਨਪ੍ਰੀਤ; Navdeep ਨਵਦੀਪ; Amrit ਅੰਮ੍ਰਿਤ;"
        " Baljit ਬਲਜੀਤ; Kiran ਕਿਰਨ; Arjan ਅਰਜਨ; Sukhdev ਸੁਖਦੇਵ; Jagdeep ਜਗਦੀਪ; Kaur ਕੌਰ; Singh ਸਿੰਘ; Gill ਗਿੱਲ;"
        " Sandhu ਸੰਧੂ; Dhillon ਢਿੱਲੋਂ; Grewal ਗਰੇਵਾਲ; Bains ਬੈਂਸ; Johal ਜੌਹਲ; Mann ਮਾਨ; Sohal ਸੋਹਲ"
    ),
    "pakistani": _pairs(
        "Ayesha عائشہ; Fatima فاطمہ; Zainab زینب; Maryam مریم; Sana ثنا; Nadia نادیہ; Bilal بلال; Hamza حمزہ; "
        "Usman عثمان; Imran عمران; Tariq طارق; Yusuf یوسف; Khan خان; Hussain حسین; Malik ملک; Mahmood محمود; "
        "Akhtar اختر; Iqbal اقبال; Shah شاہ; Mirza مرزا; Qureshi قریشی"
    ),
    "arab": _pairs(
        "Layla ليلى; Noor نور; Salma سلمى; Huda هدى; Rania رانيا; Omar عمر; Khalid خالد; Ahmed أحمد; Idris إدريس;"
        " Samir سمير; Hassan حسن; Ibrahim إبراهيم; Mansour منصور; Haddad حداد; Osman عثمان; Saleh صالح; Nasser ناصر"
    ),
}


def in_script(heritage: str, latin: str) -> str | None:
    """The whole name in its script, or nothing when one word of it has no known form."""
    known = SCRIPTS.get(heritage, {})
    words = [known.get(word) for word in latin.split()]
    return " ".join(word for word in words if word) if words and all(words) else None
