// The chooser of the demo site on the left.
const select = document.getElementById("site");
const frame = document.getElementById("customer");
const link = document.getElementById("open-site");

select.addEventListener("change", () => {
  frame.src = select.value;
  link.href = select.value;
});
