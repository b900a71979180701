//! Currencies: their codes, and the signs that stand for them.

use serde::{Deserialize, Serialize};

/// A currency by its code of ISO 4217.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Currency([u8; 3]);

/// Signs of currencies, longer ones first. `$` and `¥` are signs of several, and stand for those
/// that use them most.
const SIGNS: [(&str, &str); 31] = [
    ("US$", "USD"),
    ("AU$", "AUD"),
    ("CA$", "CAD"),
    ("HK$", "HKD"),
    ("NZ$", "NZD"),
    ("MX$", "MXN"),
    ("A$", "AUD"),
    ("C$", "CAD"),
    ("R$", "BRL"),
    ("S$", "SGD"),
    ("Rs.", "INR"),
    ("Rs", "INR"),
    ("zł", "PLN"),
    ("Kč", "CZK"),
    ("$", "USD"),
    ("€", "EUR"),
    ("£", "GBP"),
    ("¥", "JPY"),
    ("￥", "JPY"),
    ("₹", "INR"),
    ("₩", "KRW"),
    ("₽", "RUB"),
    ("₺", "TRY"),
    ("₫", "VND"),
    ("₴", "UAH"),
    ("₦", "NGN"),
    ("₱", "PHP"),
    ("฿", "THB"),
    ("₪", "ILS"),
    ("₸", "KZT"),
    ("₾", "GEL"),
];

/// The codes of ISO 4217 in use, in order, each with a blank behind it.
const CODES: &str = "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB \
    BRL BSD BTN BWP BYN BZD CAD CDF CHF CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB \
    EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR ILS INR IQD IRR ISK JMD JOD \
    JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP \
    MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON \
    RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP \
    TRY TTD TWD TZS UAH UGX USD UYU UZS VES VND VUV WST XAF XCD XOF XPF YER ZAR ZMW ZWL ";

impl Currency {
    /// The currency of a code.
    pub fn of_code(code: &str) -> Option<Self> {
        let code: [u8; 3] = code.as_bytes().try_into().ok()?;
        let (codes, _) = CODES.as_bytes().as_chunks::<4>();
        let known = codes.binary_search_by(|known| known[..3].cmp(&code)).is_ok();
        known.then_some(Currency(code))
    }

    /// The currency at the beginning of a text, and what is left of it.
    pub fn before(text: &str) -> Option<(Self, &str)> {
        // Most texts begin with another letter.
        let first = text.chars().next()?;
        if matches!(first, 'a'..='y' | '0'..='9') {
            return None;
        }
        let sign = SIGNS.iter().find_map(|(sign, code)| Some((*code, text.strip_prefix(sign)?)));
        let (code, rest) = sign.or_else(|| text.split_at_checked(3))?;
        // Else `EURO` and `CADILLAC` would begin with one.
        let ends = !rest.starts_with(char::is_alphabetic);
        Self::of_code(code).filter(|_| ends).map(|currency| (currency, rest))
    }

    /// The same at the end.
    pub fn after(text: &str) -> Option<(Self, &str)> {
        let last = text.chars().next_back()?;
        if matches!(last, 'a'..='r' | 't'..='z' | '0'..='9') {
            return None;
        }
        let sign = SIGNS.iter().find_map(|(sign, code)| Some((*code, text.strip_suffix(sign)?)));
        let (code, rest) = sign.or_else(|| {
            let (rest, code) = text.split_at_checked(text.len().checked_sub(3)?)?;
            Some((code, rest))
        })?;
        let begins = !rest.ends_with(char::is_alphabetic);
        Self::of_code(code).filter(|_| begins).map(|currency| (currency, rest))
    }

    /// The code.
    pub fn code(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or("?")
    }
}

impl From<Currency> for String {
    fn from(currency: Currency) -> Self {
        currency.code().to_owned()
    }
}

impl TryFrom<String> for Currency {
    type Error = String;

    fn try_from(code: String) -> Result<Self, String> {
        Currency::of_code(&code).ok_or_else(|| format!("no currency has the code {code:?}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_sign_stands_for_a_code() {
        assert!(SIGNS.iter().all(|(_, code)| Currency::of_code(code).is_some()));
        for (sign, code) in SIGNS {
            let (before, after) = (format!("{sign} 5"), format!("5 {sign}"));
            assert_eq!(Currency::before(&before).map(|(it, _)| it), Currency::of_code(code));
            assert_eq!(Currency::after(&after).map(|(it, _)| it), Currency::of_code(code));
        }
        assert!(CODES.split_terminator(' ').all(|code| Currency::of_code(code).is_some()));
        assert!(CODES.split_terminator(' ').is_sorted());
    }

    #[test]
    fn words_do_not_begin_or_end_with_a_currency() {
        let code = |found: Option<(Currency, &str)>| {
            found.map(|(it, rest)| (it.code().to_owned(), rest.to_owned()))
        };
        assert_eq!(code(Currency::before("USD 5")), Some(("USD".to_owned(), " 5".to_owned())));
        assert_eq!(code(Currency::after("5€")), Some(("EUR".to_owned(), "5".to_owned())));
        assert_eq!(code(Currency::before("EURO 5")), None);
        assert_eq!(code(Currency::before("USDT5")), None);
        assert_eq!(code(Currency::after("5 AUSD")), None);
        assert_eq!(code(Currency::before("XYZ 5")), None);
    }
}
