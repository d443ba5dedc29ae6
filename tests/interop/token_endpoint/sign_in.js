// Signs in by MSAL for Node, once for each job, and prints an answer a line.
//
//     node sign_in.js BASE JOBS    (the endpoint, a JSON array; NODE_EXTRA_CA_CERTS is what to trust)

const crypto = require("crypto"), fs = require("fs"), msal = require("@azure/msal-node");

const load = (path) => JSON.parse(fs.readFileSync(path, "utf8"));

function credential(job) {
    switch (job.with) {
    case "json": {
        const connector = load(job.file);
        const digest = new crypto.X509Certificate(connector.public_cert).fingerprint256;
        return { clientCertificate: {
            thumbprintSha256: digest.replaceAll(":", ""), privateKey: connector.private_key } };
    }
    case "json-and-thumbprint":
        return { clientCertificate: { thumbprint: job.thumbprint, privateKey: load(job.file).private_key } };
    case "msal":
        return { clientCertificate: load(job.file) };
    case "secret":
        return { clientSecret: job.secret };
    }
    throw new Error(job.with);
}

async function signIn(base, job) {
    const application = new msal.ConfidentialClientApplication({ auth: {
        clientId: job.client, authority: `${base}/${job.tenant}`,
        knownAuthorities: [new URL(base).host], ...credential(job) } });
    try {
        const answer = await application.acquireTokenByClientCredential({
            scopes: ["https://graph.microsoft.com/.default"] });
        return { access_token: answer.accessToken };
    } catch (error) {
        if (!(error instanceof msal.AuthError)) throw error;
        return { refusal: `${error.errorCode}: ${error.errorMessage}` };
    }
}

(async () => {
    const [base, jobs] = process.argv.slice(2);
    for (const job of JSON.parse(jobs)) {
        console.log(JSON.stringify(await signIn(base, job)));
    }
})().catch((error) => { console.error(error); process.exit(1); });
