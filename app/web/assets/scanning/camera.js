// The browser's own reader of codes, where it has one; nothing of a third party is loaded.
const FORMATS = ["qr_code", "code_128", "ean_13", "ean_8", "data_matrix"];
const EVERY_MS = 200;

let known;

export function hasCamera() {
  known ??= supported();
  return known;
}

async function supported() {
  if (!("BarcodeDetector" in window) || !navigator.mediaDevices?.getUserMedia) return false;
  const found = await BarcodeDetector.getSupportedFormats().catch(() => []);
  return found.includes("qr_code");
}

// Looks until it has read one code, or the dialog is closed.
export async function watch(got) {
  const dialog = document.querySelector("#camera");
  const video = dialog.querySelector("video");
  const stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" }, audio: false }).catch(() => null);
  dialog.querySelector("[data-no-camera]").hidden = Boolean(stream);
  dialog.showModal();
  if (!stream) return;
  video.srcObject = stream;
  dialog.addEventListener("close", () => { stream.getTracks().forEach((track) => track.stop()); video.srcObject = null; }, { once: true });
  video.play().catch(() => {});
  const code = await firstCode(video, dialog);
  if (!code) return;
  dialog.close();
  got(code);
}

async function firstCode(video, dialog) {
  const available = await BarcodeDetector.getSupportedFormats();
  const detector = new BarcodeDetector({ formats: FORMATS.filter((one) => available.includes(one)) });
  while (dialog.open) {
    const found = await detector.detect(video).catch(() => []);
    if (found.length) return found[0].rawValue.trim();
    await new Promise((resume) => setTimeout(resume, EVERY_MS));
  }
  return null;
}
