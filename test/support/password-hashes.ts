const long = "Ünïcödé pässwörd, and rather a long one at that: more than sixty-four bytes of it";

/** The example key in the documentation of Firebase's scrypt. */
export const firebaseSignerKey =
  "jxspr8Ki0RYycVU8zykbdLGjFQ3McFUH0uiiTvC8pVMXAn210wjLNmdZJzxUECKbm0QsEmYUSDzZvpjeJ9WmXA==";

/** Hashes that other programs made (OpenSSL, Python's hashlib, and what the systems themselves publish), with their passwords. */
export const passwordHashes: readonly (readonly [password: string, hash: string])[] = [
  ["password", "$md5-crypt$abcdefgh$G//4keteveJp0qb8z2DxG/"],
  [long, "$md5-crypt$abcdefgh$QHVluzKLp07cq/8z3qQt4/"],
  ["a", "$md5-crypt$abcdefgh$jUYc1Xi7pkozuzWQ0Dft71"],
  ["password", "$sha256-crypt$saltstring123456$rZHp8KIlV9THjvaWF1bhxYIxUFx/uvBLQfjLTc8wGoD"],
  [long, "$sha256-crypt$saltstring123456$y.QRdPl0Xg.feo4duai0mlyg9Suks0NGDIhy9kTNAnD"],
  ["a", "$sha256-crypt$rounds=5000$saltstring123456$i5V.DzLeU67fypHnR8pf8Yf2oTcAgy8t.zFyDxqBYwA"],
  [
    "password",
    "$sha512-crypt$ab$WfYjcVtm04.lEYV07CdYGA5G9xet7/eU/m3ApNyi7sD.pE7qFDG1ek7dRQpI2KCf9ESl1WoIH04x.DMDvmIed1",
  ],
  [
    long,
    "$sha512-crypt$rounds=5000$ab$3JUDKUXcfhHU15L8xR1.Kn2NFvpY7COzWwo2AIx5JQho/mqMSXQZX15hUZaI4glluq3AxrvPd21YwCmGQHlWn/",
  ],
  [
    "Hello world!",
    "$sha512-crypt$rounds=10000$saltstringsaltst$OW1/O6BYHV6BcXZu8QVeXbDWra3Oeqh0sbHbbMCVNSnCM/UrjmM0Dp8vOuZeHBy/YTBmSK6H9qs/y3RnOaw5v.",
  ],
  // The test cases of the bcrypt of OpenBSD and its kin, under several prefixes.
  ["U*U", "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW"],
  ["U*U", "$2b$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW"],
  ["U*U", "$2y$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW"],
  ["U*U", "$2z$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW"],
  ["U*U", "$2$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW"],
  // The test cases of the reference implementation of Argon2.
  ["password", "$argon2i$v=19$m=256,t=2,p=2$c29tZXNhbHQ$T/XOJ2mh1/TIpJHfCdQan76Q5esCFVoT5MAeIM1Oq2E"],
  ["password", "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4"],
  [
    "test",
    "$pbkdf2-sha256$i=100000,l=32$1jP+5Zxpxgtee/iPxGgOz0RfE9/KJuDElP1ley4VxXc$QJxzfvdbHYBpydCbHoFg3GJEqMFULwskiuqiJctoYpI",
  ],
  ["password", "$pbkdf2-sha1$i=100,l=32$c29tZXNhbHQ$K3h66izNmLNsWAC6fXadO3RySF5AggxSiAKL/cyHZ4g"],
  ["password", "$pbkdf2-sha512$i=100,l=32$c29tZXNhbHQ$uBbq5DBJ8X1roCL4DbO37ugbmLQ6M3FKv7yZRBjY4SY"],
  // Of these two Kratos takes the SHA-3, and for a name that it does not know SHA-256.
  ["password", "$pbkdf2-sha224$i=100,l=32$c29tZXNhbHQ$ppkUaW8ru6VyJCTbo5reMkotccCE3GhgDt3szEPsjCE"],
  ["password", "$pbkdf2-sha384$i=100,l=32$c29tZXNhbHQ$/0fhkggEwdM6+hEZZiVAZKuvEZQupwnyvtH+5AV4tLw"],
  ["password", "$pbkdf2-sha999$i=100,l=1$c29tZXNhbHQ$zwOqYW1uYYA7uEyTwfTRNAk+I1bm2gH/HBp7B88MHXs"],
  [
    "test",
    "$scrypt$ln=16384,r=8,p=1$2npRo7P03Mt8keSoMbyD/tKFWyUzjiQf2svUaNDSrhA=$MiCzNcIplSMqSBrm4HckjYqYhaVPPjTARTzwB1cVNYE=",
  ],
  ["password", "$scrypt$ln=1024,r=8,p=2$c29tZXNhbHQ=$R/9AdZlzGa9nzOGVdZjkAnbp6Ae28i+Ix9MmlskPoU4="],
  ["test123", "{SSHA}JFZFs0oHzxbMwkSJmYVeI8MnTDy/276a"],
  ["password", "{SSHA}Koy6+NYylFM8T/JN7bNO+xb1WEBzYWx6"],
  ["password", "{SSHA256}seI0uPtg9TQshWxa3CQC5n+AscPjwIkkhDgGzewncDdzYWx6"],
  ["password", "{SSHA512}g2Ov7XzZTnjwQpmDVvFxVHIVuQp6PROLCaNDLdc1DJ0VJa5Xw3UoocQTAnc8DSOweMxlmlmNOmEelCTaIv/gH3NhbHo="],
  ["test", "$sha1$pf=e1NBTFR9e1BBU1NXT1JEfQ==$NW9wbWtnejAzcg==$2qU2SGWP8viTM1md3FiI3+rjWXQ="],
  // The salt holds bytes that are no text, and the name of a placeholder.
  ["password", "$sha1$pf=PHtTQUxUfXx7UEFTU1dPUkR9Pg==$/wB7UEFTU1dPUkR9$6D9tAoIyqD7acEL3Tn7AfzAf6TE="],
  ["password", "$sha256$pf=PHtTQUxUfXx7UEFTU1dPUkR9Pg==$/wB7UEFTU1dPUkR9$L1hg+dhPvfSFEcjyjaefNfVJzzFd6uqo8mWYR4B8d1w="],
  [
    "password",
    "$sha512$pf=PHtTQUxUfXx7UEFTU1dPUkR9Pg==$/wB7UEFTU1dPUkR9$pXBeLHcRsSWA0r1yrbOD29o5tcXyiSmMWmOsQpoBn0u10wL1gNvJbmxVyRo7Ph1wkr8UaBw+FH2bXq0aEMrVHg==",
  ],
  // The example in the documentation of Firebase's scrypt.
  [
    "user1password",
    `$firescrypt$ln=14,r=8,p=1$42xEC+ixf3L2lw==$lSrfV15cpx95/sZS2W9c9Kp6i/LVgQNDNC/qzrCnh1SAyZvqmZqAjTdn3aoItz+VHjoZilo78198JAdRuid5lQ==$Bw==$${firebaseSignerKey}`,
  ],
  ["test", "$md5$CY9rzUYh03PK3k6DJie09g=="],
  ["password", "$md5$pf=e1NBTFR9e1BBU1NXT1JEfQ==$c2Fseg==$VoWr7McjU5dV1NZfwVFHYg=="],
  ["password", "$hmac-md4$ZTJkOTQwMTMyYTg3MGQ0MDY5Y2U1Nzg0ZTdlZjBlNDE=$c2VjcmV0LWtleQ=="],
  ["password", "$hmac-md5$NjcxODAyNTQyYzg3MDQyYzFhMDVjMzU2Yjg1ZWUzMTE=$c2VjcmV0LWtleQ=="],
  ["password", "$hmac-sha1$Nzc1ZGI0OTJhZTNlZjliODdiM2JkNmI4MmU2NGE3ZTAzNTRkNDdhNw==$c2VjcmV0LWtleQ=="],
  [
    "password",
    "$hmac-sha224$Yjg5NjBmNzI0MmM2ZDVjOTcwNzRiMDUwZjNhNjQyZjY1YTdhMzgzOGJmMGUyNDdlOGM2OTIzOGI=$c2VjcmV0LWtleQ==",
  ],
  [
    "password",
    "$hmac-sha256$OTM0MzVjMWEyMmE5N2ViMzFkNTZlZTcyMWI2NTBkOTBjYjE3ZGFmNTM1YjhmOGQ0NzI3MDM1ZTFjYmY2ODIxYw==$c2VjcmV0LWtleQ==",
  ],
  [
    "password",
    "$hmac-sha384$NjY0ZTA4ZTQ0ZGI3Y2QxZDY0ZDIwMjIwMGY1ZmJjMzI3YjE0MDU5ODM4ZDBjYmY1MjZmMTc0ZGQwMDQ0MjNmNTRhYzI1MzI3ZDU5ODY5ZDc5NzU2ZTc5MDBkNTRiMmQ0$c2VjcmV0LWtleQ==",
  ],
  [
    "password",
    "$hmac-sha512$NzRlM2RmNzRlOWNmMmI3MGI3MzYzMjQxYzQwYWRjOTg2MGM5NjQyMGUyYmY0MDg2ZjlmYWIzNGRiYTllYzcxY2RmYzUzYmZmYzM5N2ZhZmVhYjJlNGYxOGQ5OWM1Y2JhNDZhY2RhODMyOWFiOWRkOWZhNmFhODlhZTkxMWFlNWQ=$c2VjcmV0LWtleQ==",
  ],
];
