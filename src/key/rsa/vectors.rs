//! Numbers of full width that are known to be prime, or to pass the Fermat test without being so.

/// RFC 2409 section 6.2 and RFC 3526 sections 2 and 3: primes that begin and end in 64 ones.
pub(super) const PRIMES: [&str; 3] = [
    "ffffffffffffffffc90fdaa22168c234c4c6628b80dc1cd129024e088a67cc74020bbea63b139b22514a08798e\
         3404ddef9519b3cd3a431b302b0a6df25f14374fe1356d6d51c245e485b576625e7ec6f44c42e9a637ed6b0bff\
         5cb6f406b7edee386bfb5a899fa5ae9f24117c4b1fe649286651ece65381ffffffffffffffff",
    "ffffffffffffffffc90fdaa22168c234c4c6628b80dc1cd129024e088a67cc74020bbea63b139b22514a08798e\
         3404ddef9519b3cd3a431b302b0a6df25f14374fe1356d6d51c245e485b576625e7ec6f44c42e9a637ed6b0bff\
         5cb6f406b7edee386bfb5a899fa5ae9f24117c4b1fe649286651ece45b3dc2007cb8a163bf0598da48361c55d3\
         9a69163fa8fd24cf5f83655d23dca3ad961c62f356208552bb9ed529077096966d670c354e4abc9804f1746c08\
         ca237327ffffffffffffffff",
    "ffffffffffffffffc90fdaa22168c234c4c6628b80dc1cd129024e088a67cc74020bbea63b139b22514a08798e\
         3404ddef9519b3cd3a431b302b0a6df25f14374fe1356d6d51c245e485b576625e7ec6f44c42e9a637ed6b0bff\
         5cb6f406b7edee386bfb5a899fa5ae9f24117c4b1fe649286651ece45b3dc2007cb8a163bf0598da48361c55d3\
         9a69163fa8fd24cf5f83655d23dca3ad961c62f356208552bb9ed529077096966d670c354e4abc9804f1746c08\
         ca18217c32905e462e36ce3be39e772c180e86039b2783a2ec07a28fb5c55df06f4c52c9de2bcbf69558171839\
         95497cea956ae515d2261898fa051015728e5a8aacaa68ffffffffffffffff",
];

/// Values of k, found by search, for which k + 1 and 2k + 1 are prime, and the second is ±1 modulo 8:
/// their product passes the Fermat test to the base 2, for the order of 2 divides k.
pub(super) const PSEUDOPRIMES: [&str; 3] = [
    "a958d81724a2b7ee7dfa2766cd9bdc0e7215a6dfa0b6e5f76273c9863bb065dec3c3faf9ba6b4056d2efadc8c1\
         532c22559e2e813b72fe1bda0eebe9b658835c",
    "a9601999b86e42464f0f179dc1dd3c201c9d0858957cf8bf4da848207d0c136ae602f90802fee9d040ad989674\
         e451498970752d2a02630a9068f894ebf818ddc522eeae179e7b49151f6b5894bfa33fe17655afbeaab18560b2\
         c5ab71948a54",
    "a9613cecefb97ba6960e816df9fccf59b54ee048141362446bdd05538ab3aee7f2cf76467bdcb905c0f32ac5c1\
         8196f453d8315ecc29761c28d81c9cc2b1a6e678cae1a54a8a108e269cb93457fe1174e211183152747d9b1823\
         ae9d844b5c5c44b0c824034fcc9104218aec107d402629b39be46b59be432206a09f62d637dc",
];

/// Values of k, found by search, for which 6k + 1, 12k + 1 and 18k + 1 are prime: their product is a
/// Carmichael number (J. Chernick, *On Fermat's simple theorem*, 1939), which passes to every base that
/// is prime to it.
pub(super) const CARMICHAEL: [&str; 3] = [
    "3898e2bab3b5f6322ab9278b1e396aada9590a0d695b3c7377799e409ca04fb8216bcb0b374bdeca50747",
    "16764787d8c24c68848977ac27b236b995c2782cab8deedf3f566df29fcbefa52c5d3e504c4286a9b7eda31293\
         30226f1389cfa8716d23eb4edbec1dd7e981b9",
    "8ea38ea93f2f1436854f6e6435b65f902cca2b0f0c220f67752f38e8c104327947fd0f8906a9fb20b83b538938\
         479685f3946eb338a5395c70c7b469422e54e0ca75b74c3063a970a2ac1a58de93a0b36a2b4242ba",
];
